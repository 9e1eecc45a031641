import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ownerName, ownerOf } from '@runner-actions/host';
import {
  checkIn,
  removeStagingFolder,
  findEntry,
  pathFromText,
  openStore,
  restoreEntry,
  saveEntry,
  type Space,
  type Store,
} from '@runner-actions/store';
import { takeLock } from '../../../packages/store/src/lock.ts';
import type { RestoreOptions } from '../../../packages/store/src/restore-task.ts';

/** A machine with two users of a group, each with a primary group of its own, and a store that both write. */
export interface World {
  folder: string;
  root: string;
  workspace: string;
  /** What the victim's job caches, in the workspace. */
  target: string;
  /** What it makes and saves. */
  built: string;
  space: Space;
}

export const [victim, other, group] = [4241, 4243, 4242];
/** Stands in each file of the victim's own: none of it may get into a workspace. */
export const secret = 'of the victim alone';
/** The victim's, and open to the group: the other user can give it a further name in the store. */
export const open = 'volume/shared';

const files = [
  'home/.ssh/authorized_keys',
  'home/.ssh/id_ed25519',
  'home/.bashrc',
  'home/sub/file',
  'home/tree-0/sub/file',
  'home/keys',
  'work/app/app/src/main.c',
  'work/app/app/.git/config',
  'work/other/other/src/mine',
];

/** Acts as another user, with this process's effective ids. */
export function as<T>(user: number, act: () => T): T {
  process.setgroups?.([group]);
  process.setegid?.(user);
  process.seteuid?.(user);
  const mask = process.umask(0o022);
  try {
    return act();
  } finally {
    process.umask(mask);
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

export function makeWorld(folder: string, space: Space): World {
  mkdirSync(folder, { mode: 0o755 });
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${file} ${secret}\n`);
  }
  for (const name of ['volume', 'work/_temp']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, open), 'open\n');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), victim, victim);
  chownSync(join(folder, open), victim, group);
  chmodSync(join(folder, open), 0o664);
  const root = join(folder, 'store');
  for (const [name, user, mode] of [
    ['store', 0, 0o2770],
    ['trees', 0, 0o2777],
  ] as const) {
    mkdirSync(join(folder, name));
    chownSync(join(folder, name), user, group);
    chmodSync(join(folder, name), mode);
  }
  const workspace = join(folder, 'work/app/app');
  const world = {
    folder,
    root,
    workspace,
    target: join(workspace, 'deps'),
    built: join(workspace, 'built'),
    space,
  };
  as(other, () => fill(world, 'theirs', 1));
  as(victim, () => fill(world, 'mine', 2));
  as(victim, () => leaveBehind(openStore(root)));
  return world;
}

/** Saves an entry, and leaves ready copies. */
function fill({ folder, root, space }: World, key: string, readyCopies: number): void {
  const tree = join(folder, 'trees', key);
  mkdirSync(join(tree, 'sub/deep'), { recursive: true });
  writeFileSync(join(tree, 'sub/file'), `content of ${key}`);
  writeFileSync(join(tree, 'sub/deep/program'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(tree, 'empty'), '');
  symlinkSync('sub/file', join(tree, 'link'));
  const store = openStore(root);
  const sources = [{ path: pathFromText(tree), place: { path: 0, below: '' } }];
  saveEntry(store, space, key, sources, { repository: 'octo/app', digests: true });
  const entry = findEntry(store, [space], key, []);
  if (entry === undefined) throw new Error(`nothing was saved under ${key}`);
  const targets = Array.from({ length: readyCopies }, (_, index) => join(folder, 'trees', `${key}-${index}`));
  const held = targets.map((target) => restoreEntry(store, entry, [pathFromText(target)], plain));
  for (const result of held)
    if (result.outcome === 'restored' && result.lease !== undefined)
      checkIn(store, result.lease, { keep: true, most: readyCopies });
}

export const plain: RestoreOptions = {
  mode: 'lease',
  isImmutable: () => true,
  onExisting: 'replace',
  verify: 'stat',
  job: ownerOf(process.pid),
  readyCopies: 4,
};

const dead = { ...ownerOf(process.pid), pid: 2 ** 22 - 1, startTime: 1 };

/** What a job of the victim's left that was killed. */
function leaveBehind({ root }: Store): void {
  for (const kind of ['staging', 'leases']) {
    const path = join(root, kind, `${ownerName(dead)}_1b4e28ba-2fa1-4d52-883f-0016d3cca427`);
    mkdirSync(join(path, 'old-0/sub'), { recursive: true, mode: 0o700 });
    writeFileSync(join(path, 'old-0/sub/file'), 'x');
  }
  takeLock(join(root, 'locks', `target-${'a'.repeat(64)}`), { owner: dead, job: 'gone', purpose: 'a job' });
}

export function removeWorld({ folder }: World): void {
  removeStagingFolder(folder);
}
