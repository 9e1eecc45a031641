import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { mountsBelow } from '@runner-actions/host';
import type { Random } from '@runner-actions/testing/hostile';
import { run, trashOf, type World } from './world.ts';

/** Changes that an untrusted job makes to one entry of `_work`. Each one throws if it is not possible. */
const changes: Record<string, (path: string, world: World, random: Random) => void> = {
  bytes: (path, _world, random) => {
    must(lstatSync(path).isFile());
    writeFileSync(path, `#!${random.number(2 ** 31)}`);
  },
  owner: (path, { victim }, random) => lchownSync(path, random.pick([0, 1234, victim]), 0),
  'owner of all': (path, _world, random) => {
    must(run('chown', ['-hR', random.pick(['0:0', '1234:0']), path]));
  },
  mode: (path, _world, random) => {
    must(!lstatSync(path).isSymbolicLink());
    chmodSync(path, random.pick([0, 0o400, 0o500, 0o555, 0o777, 0o1777, 0o2770, 0o4755]));
  },
  link: (path, world, random) => replace(path, () => symlinkSync(attackTarget(world, random), path)),
  file: (path) => replace(path, () => writeFileSync(path, 'a file now')),
  folder: (path, { victim }, random) => {
    replace(path, () => mkdirSync(join(path, 'of/another'), { recursive: true }));
    writeFileSync(join(path, 'of/another/file'), 'x');
    if (random.number(2) === 0) chownSync(path, victim, victim);
  },
  pipe: (path) => replace(path, () => must(run('mkfifo', [path]))),
  socket: (path) => {
    const script = 'use IO::Socket::UNIX; IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1);';
    replace(path, () => must(run('perl', ['-e', script, path])));
  },
  device: (path) => replace(path, () => must(run('mknod', [path, 'c', '1', '3']))),
  immutable: (path) => {
    must(!lstatSync(path).isSymbolicLink() && run('chattr', ['+i', path]));
  },
  'hard link': (path, { folder }, random) => {
    const file = random.pick(['home/.bashrc', 'volume/file', '_work/_tool/node/24.0.0/x64.complete']);
    replace(path, () => linkSync(join(folder, file), path));
  },
  mount: (path, world, random) => {
    mustNotBeOfReports(path, world);
    mount(path, mountSource(world, random));
  },
  'file system': (path, world) => {
    mustNotBeOfReports(path, world);
    must(lstatSync(path).isDirectory() && run('mount', ['-t', 'tmpfs', 'none', path]));
    writeFileSync(join(path, 'mounted'), 'x');
  },
  deep: (path, { victim }) => {
    const end = join(path, ...Array.from({ length: 120 }, () => 'd'));
    replace(path, () => mkdirSync(end, { recursive: true }));
    run('chown', ['-hR', `${victim}:${victim}`, path]);
  },
  'in the trash': (_path, world, random) => {
    const path = join(world.work, '.trash', `${trashOf.dead}${random.number(9)}`);
    if (random.number(2) === 0) return symlinkSync(attackTarget(world, random), path);
    mkdirSync(join(path, 'sub'), { recursive: true });
    run('chown', ['-R', `${world.victim}:${world.victim}`, path]);
    mount(join(path, 'sub'), mountSource(world, random));
  },
};

/** Changes that may happen at any moment: the old entry is moved away as a whole, and another one takes its place. */
const swaps = ['link', 'mount', 'file system', 'in the trash'] as const;

/** Returns a path to which an attacker wants to redirect a clean-up. */
function attackTarget({ folder }: World, random: Random): string {
  const inside = ['home', 'home/.ssh', 'volume', '_work/_tool', '_work/other/other', '_work/other', '_work'];
  const more = ['_work/app/app/kept', '_work/_actions', 'home/.bashrc', 'nowhere'];
  return join(folder, random.pick([...inside, ...more]));
}

/** Returns a path to mount. It contains nothing that a clean-up may remove at its original place. */
function mountSource({ folder }: World, random: Random): string {
  const folders = ['home', 'home/.ssh', 'volume', '_work/_tool', '_work/other', '_work/app/app/kept'];
  return join(folder, random.pick([...folders, 'home/.bashrc']));
}

/** Replaces an entry. Refuses if something is mounted there, because the removal would include it. */
function replace(path: string, make: () => unknown): void {
  if (mountsBelow(path).length > 0) throw new Error('something is mounted there');
  rmSync(path, { recursive: true, force: true });
  make();
}

function mount(path: string, what: string): void {
  must(existsSync(what) && lstatSync(what).isDirectory() === lstatSync(path).isDirectory());
  must(!lstatSync(path).isSymbolicLink() && run('mount', ['--bind', what, path]));
}

/** Each action writes its report in this folder, also if it is a mount. */
function mustNotBeOfReports(path: string, { work }: World): void {
  must(![join(work, '_temp'), join(work, '_temp/runner-actions')].includes(path));
}

function must(isDone: boolean): void {
  if (!isDone) throw new Error('not possible');
}

/** Makes one random change. @returns its description; `undefined` if it is not possible at the chosen entry */
export function change(world: World, random: Random): string | undefined {
  const kind = random.pick(Object.keys(changes));
  return apply(world, random, kind, random.pick(entries(world)));
}

let count = 0;

/** Makes one random change while the clean-up is running: it replaces an entry instantly. */
export function swap(world: World, random: Random): string | undefined {
  const kind = random.pick(swaps);
  const ours = ['app', 'app/app', '.trash', '_temp'].map((path) => join(world.work, path));
  const path = random.pick([...ours, ...entries(world).filter((entry) => ours.includes(dirname(entry)))]);
  if (kind !== 'link') return apply(world, random, kind, path);
  const away = join(world.folder, `swapped-${(count += 1)}`, relative(world.work, path));
  try {
    mkdirSync(dirname(away), { recursive: true });
    renameSync(path, away);
    symlinkSync(attackTarget(world, random), path);
  } catch {
    return undefined;
  }
  return `${kind} at ${relative(world.folder, path)} while at work`;
}

function apply(world: World, random: Random, kind: string, path: string): string | undefined {
  try {
    changes[kind]?.(path, world, random);
    return `${kind} at ${relative(world.folder, path)}`;
  } catch {
    return undefined;
  }
}

/**
 * Lists the entries of `_work`. Those that a clean-up changes occur several times, so that they are picked more
 * often.
 */
function entries({ work }: World): string[] {
  const mounts = mountsBelow(work);
  const all: string[] = [];
  const open = [work];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      all.push(path);
      if (entry.isDirectory() && !mounts.includes(path)) open.push(path);
    }
  }
  const ours = all.filter((path) => /^(app|\.trash|_temp)(\/|$)/.test(relative(work, path)));
  return [...all, ...ours, ...ours, join(work, 'app'), join(work, 'app/app'), join(work, '.trash')];
}
