import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isInside, mountsBelow } from '@runner-actions/host';
import { guarded, trashOf, type World } from './world.ts';

/** The state of each entry of a machine, by its path: kind, mode, owner, times, content. */
export type Snapshot = Map<string, string>;

/** Takes a snapshot. Does not follow links, but includes what is mounted. */
export function takeSnapshot(world: World): Snapshot {
  const snapshot: Snapshot = new Map();
  snapshot.set('mounts', mountsBelow(world.folder).join('\n'));
  const open = [world.folder];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const entry = lstatSync(path);
    snapshot.set(relative(world.folder, path), describe(path));
    if (entry.isDirectory()) for (const name of readdirSync(path)) open.push(join(path, name));
  }
  return snapshot;
}

function describe(path: string): string {
  const { mode, uid, gid, size, mtimeNs, ...entry } = lstatSync(path, { bigint: true });
  const kind = mode & 0o170000n;
  const content =
    kind === 0o100000n ? readFileSync(path, 'latin1') : kind === 0o120000n ? readlinkSync(path) : '';
  // Leave out the size of a folder and the number of hard links: allowed changes may change them.
  const length = kind === 0o040000n ? 0 : size;
  return [entry.ino, mode.toString(8), uid, gid, length, mtimeNs, content].join(' ');
}

interface Rules {
  before: Snapshot;
  /** Whether the policy protects paths. */
  protects: boolean;
  victim: number;
}

/** Returns the paths that changed and must not change. */
export function compare(world: World, after: Snapshot, rules: Rules): string[] {
  const { before } = rules;
  const mounts = (before.get('mounts') ?? '').split('\n').filter((point) => point !== '');
  const isMounted = (path: string): boolean =>
    mounts.some((point) => isInside(join(world.folder, path), point));
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => {
    const [one, other] = [before.get(path), after.get(path)];
    if (one === other) return false;
    const may = isMounted(path) ? 'stay' : allowed(path, rules);
    // Entries may be added to this folder and removed from it, but the folder itself must stay the same.
    const isSame = one?.split(' ', 1)[0] === other?.split(' ', 1)[0];
    return !(may === 'change' || (may === 'be touched' && isSame));
  });
}

const stays = ['kept', 'half/kept', '.git/config'];

function allowed(path: string, rules: Rules): 'change' | 'be touched' | 'stay' {
  // The clean-up may still hold open a folder that was moved away while it was running.
  const [work, first, second, ...rest] = path.replace(/^swapped-\d+(?=\/|$)/, '_work').split('/');
  if (work !== '_work') return 'stay';
  if (first === undefined || (first === 'app' && second === undefined)) return 'be touched';
  if (first === '_temp') return 'change';
  if (first === '.trash') return inTrash(second, rest.join('/'), path.startsWith('swapped'), rules);
  if (first !== 'app' || second !== 'app') return 'stay';
  const inner = rest.join('/');
  // The bundle cleans a kept `.git`: a link to settings in another place goes.
  const isLink = rules.before.get(path)?.split(' ')[1]?.startsWith('120');
  if (!rules.protects && inner === '.git/config' && isLink === true) return 'change';
  const own = rules.protects ? [...stays, guarded] : stays;
  return own.some((name) => inner === name || inner.startsWith(`${name}/`)) ? 'stay' : 'change';
}

function inTrash(
  name: string | undefined,
  inner: string,
  isSwapped: boolean,
  { before, protects, victim }: Rules,
): 'change' | 'stay' {
  if (name === undefined) return 'change';
  if (!nameForm.test(name) || name === trashOf.alive) return 'stay';
  const owner = (path: string): string | undefined => before.get(path)?.split(' ')[2];
  const owners = [owner('_work'), String(victim), undefined];
  const parents = ['_work/.trash', `_work/.trash/${name}`];
  // The snapshot does not contain the owner of a folder that was moved away.
  const isOwned = isSwapped || parents.every((path) => owners.includes(owner(path)));
  const own = `1/app/app/${guarded}`;
  const isGuarded = protects && name === trashOf.dead && (inner === own || inner.startsWith(`${own}/`));
  return isOwned && !isGuarded ? 'change' : 'stay';
}

const nameForm = /^\d+_\d*_[\da-f-]*_\d*_[A-Za-z0-9.-]*_[\w-]+$/;
