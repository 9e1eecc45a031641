import { accessSync, constants, lstatSync, readdirSync, type Stats } from 'node:fs';
import { relative } from 'node:path';
import { isDebris, isUnknown, readMounts } from '@runner-actions/host';
import { format } from './layout.ts';
import { type Store } from './store.ts';
import { isPermissionError, type Inaccessible, reasonFor } from './inaccessible.ts';
import { staleAfter } from './staging.ts';

/** Of the store's disk, in bytes of blocks, as `du` counts; what has several names counts once. */
type Parts = Record<Part, number>;
type Part = 'entries' | 'copies' | 'index' | 'staging' | 'leases' | 'quarantine' | 'locks' | 'other';

export interface Usage {
  /** All of it: `du --summarize`. What could not be read counts nothing. */
  totalBytes: number;
  parts: Parts;
  /** Folders of dead processes and jobs: the next eviction removes them, or says why not. */
  leftovers: { folders: number; bytes: number };
  /** Of these, what this user cannot remove. */
  stuck: Inaccessible[];
  /** What this user cannot read outside of ready copies, which are each user's own: the first of many. */
  unread: (Inaccessible & { part: Part })[];
  unreadFolders: number;
  /** Of these, those outside of ready copies: without them the figures are not whole. */
  unreadElsewhere: number;
}

/** How many of many are named. */
const maxNamed = 100;

interface Folder {
  path: Buffer;
  part: Part;
  /** Below the root. */
  depth: number;
  /** The folder of `staging` or `leases` that it is or lies in. */
  owned?: Owned;
}

interface Owned {
  path: string;
  bytes: number;
  isLeftover: boolean;
  /** Why this user cannot remove it: the first place in it. */
  blocked?: string;
}

interface Walk {
  usage: Usage;
  open: Folder[];
  owned: Owned[];
  device: number;
  mounts: ReadonlySet<string>;
  /** Of files with further names, those that were counted. */
  seen: Set<string>;
  now: number;
}

const none: Parts = {
  ...{ entries: 0, copies: 0, index: 0, staging: 0 },
  ...{ leases: 0, quarantine: 0, locks: 0, other: 0 },
};

/** Looks at all of the store, whoever's it is; what is mounted in it is not entered. */
export function usageOf({ root }: Store, now: number = Date.now()): Usage {
  const usage: Usage = {
    totalBytes: 0,
    parts: { ...none },
    leftovers: { folders: 0, bytes: 0 },
    stuck: [],
    ...{ unread: [], unreadFolders: 0, unreadElsewhere: 0 },
  };
  const mounts = readMounts();
  const walk: Walk = {
    ...{ usage, owned: [], seen: new Set(), now, device: lstatSync(root).dev },
    open: [{ path: Buffer.from(root), part: 'other', depth: 0 }],
    mounts: new Set(isUnknown(mounts) ? [] : mounts.map(({ mountPoint }) => mountPoint)),
  };
  count(walk, lstatSync(root), 'other', undefined);
  for (let folder = walk.open.pop(); folder !== undefined; folder = walk.open.pop()) lookInto(walk, folder);
  for (const { path, bytes, isLeftover, blocked } of walk.owned) {
    if (!isLeftover) continue;
    usage.leftovers.folders += 1;
    usage.leftovers.bytes += bytes;
    if (blocked !== undefined) usage.stuck.push({ path, bytes, reason: blocked });
  }
  return usage;
}

function lookInto(walk: Walk, folder: Folder): void {
  let names: Buffer[];
  try {
    names = readdirSync(folder.path, { encoding: 'buffer' });
  } catch (error) {
    return noteUnread(walk, folder, error);
  }
  if (folder.owned !== undefined && names.length > 0) noteBlocked(folder.path, folder.owned);
  for (const name of names) {
    const path = Buffer.concat([folder.path, Buffer.from('/'), name]);
    try {
      const stats = lstatSync(path);
      const inner = classify(walk, folder, path, name.toString('latin1'), stats);
      count(walk, stats, inner.part, inner.owned);
      if (!stats.isDirectory() || isSystems(inner)) continue;
      if (stats.dev === walk.device && !walk.mounts.has(path.toString())) walk.open.push(inner);
      else noteUnread(walk, inner, new Error('another file system is mounted there'));
    } catch (error) {
      noteUnread(walk, { ...folder, path }, error);
    }
  }
}

/** The file system's own, in the root of a disk: only root may read it. */
function isSystems({ path, depth }: Folder): boolean {
  return depth === 1 && path.toString().endsWith('/lost+found');
}

/** `v3/REPOSITORY/SCOPE/VERSION/KEY/copies`: an entry's folder is the fifth below the root, in quarantine the second, and its copies lie in it. */
function classify(walk: Walk, folder: Folder, path: Buffer, name: string, stats: Stats): Folder {
  const depth = folder.depth + 1;
  const inner = { ...folder, path, depth };
  const isFolder = stats.isDirectory();
  if (depth === 1) return { ...inner, part: isFolder ? partOf(name) : 'other' };
  if (folder.part === 'index' && depth === 5 && isFolder) return { ...inner, part: 'entries' };
  const isEntry =
    depth === (folder.part === 'entries' ? 6 : 3) && ['entries', 'quarantine'].includes(folder.part);
  if (isEntry && name === 'copies') return { ...inner, part: 'copies' };
  if (depth !== 2 || (folder.part !== 'staging' && folder.part !== 'leases')) return inner;
  const text = path.toString();
  const owned = { path: text, bytes: 0, isLeftover: isDebris(text, staleAfter[folder.part], walk.now) };
  walk.owned.push(owned);
  return { ...inner, owned };
}

function partOf(name: string): Part {
  if (name === format) return 'index';
  return name === 'staging' || name === 'leases' || name === 'quarantine' || name === 'locks'
    ? name
    : 'other';
}

function count({ usage, seen }: Walk, stats: Stats, part: Part, owned: Owned | undefined): void {
  if (!stats.isDirectory() && stats.nlink > 1) {
    const id = `${stats.dev} ${stats.ino}`;
    if (seen.has(id)) return;
    seen.add(id);
  }
  const bytes = stats.blocks * 512;
  usage.totalBytes += bytes;
  usage.parts[part] += bytes;
  if (owned !== undefined) owned.bytes += bytes;
}

function noteUnread({ usage }: Walk, { path, part, owned }: Folder, error: unknown): void {
  // What goes meanwhile is nobody's any more.
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
  if (owned !== undefined) noteBlocked(path, owned);
  usage.unreadFolders += 1;
  if (part === 'copies') return;
  usage.unreadElsewhere += 1;
  if (usage.unread.length < maxNamed)
    usage.unread.push({ path: path.toString(), bytes: 0, reason: reasonFor(path, error), part });
}

/** Whoever owns a folder may open it to be emptied; in another's, nothing can be removed that may not be written. */
function noteBlocked(path: Buffer, owned: Owned): void {
  const user = lstatSync(path, { throwIfNoEntry: false })?.uid;
  if (owned.blocked !== undefined || user === undefined || user === process.geteuid?.()) return;
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!isPermissionError(code)) return;
    owned.blocked = `${relative(owned.path, path.toString())}: ${reasonFor(path, error)}`;
  }
}
