import { accessSync, constants, lstatSync, readdirSync, type Stats } from 'node:fs';
import { relative } from 'node:path';
import { isOrphan, isUnknown, readMounts } from '@runner-actions/host';
import { format } from './layout.ts';
import { type Store } from './store.ts';
import { isPermissionError, type Inaccessible, reasonFor } from './inaccessible.ts';
import { staleAfter } from './staging.ts';

/** Disk usage of the store's parts in bytes of blocks, like `du`. A file with several hard links counts once. */
type Parts = Record<Part, number>;
type Part = 'entries' | 'copies' | 'index' | 'staging' | 'leases' | 'quarantine' | 'locks' | 'other';

export interface Usage {
  /** Total, like `du --summarize`. Unreadable folders count as 0. */
  totalBytes: number;
  parts: Parts;
  /** Folders of dead processes and jobs. The next eviction removes them or reports why it cannot. */
  leftovers: { folders: number; bytes: number };
  /** The leftovers that this user cannot remove. */
  stuck: Inaccessible[];
  /** The first paths outside of ready copies that this user cannot read. Ready copies are private to each user. */
  unread: (Inaccessible & { part: Part })[];
  unreadFolders: number;
  /** Number of unreadable folders outside of ready copies. If it is not 0, the figures are incomplete. */
  unreadElsewhere: number;
}

/** Maximum number of paths that are listed. */
const maxNamed = 100;

interface Folder {
  path: Buffer;
  part: Part;
  /** Depth below the root. */
  depth: number;
  /** The folder of `staging` or `leases` that this folder is, or is in. */
  owned?: Owned;
}

interface Owned {
  path: string;
  bytes: number;
  isLeftover: boolean;
  /** Why this user cannot remove it: the first path in it that blocks. */
  blocked?: string;
}

interface Walk {
  usage: Usage;
  open: Folder[];
  owned: Owned[];
  device: number;
  mounts: ReadonlySet<string>;
  /** Files with several hard links that were counted already. */
  seen: Set<string>;
  now: number;
}

const none: Parts = {
  ...{ entries: 0, copies: 0, index: 0, staging: 0 },
  ...{ leases: 0, quarantine: 0, locks: 0, other: 0 },
};

/** Measures the whole store, including files of other users. Does not enter mount points. */
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
    return recordUnread(walk, folder, error);
  }
  if (folder.owned !== undefined && names.length > 0) recordBlocked(folder.path, folder.owned);
  for (const name of names) {
    const path = Buffer.concat([folder.path, Buffer.from('/'), name]);
    try {
      const stats = lstatSync(path);
      const inner = classify(walk, folder, path, name.toString('latin1'), stats);
      count(walk, stats, inner.part, inner.owned);
      if (!stats.isDirectory() || isLostAndFound(inner)) continue;
      if (stats.dev === walk.device && !walk.mounts.has(path.toString())) walk.open.push(inner);
      else recordUnread(walk, inner, new Error('another file system is mounted there'));
    } catch (error) {
      recordUnread(walk, { ...folder, path }, error);
    }
  }
}

/** Returns whether this is the disk's `lost+found`, which only root can read. */
function isLostAndFound({ path, depth }: Folder): boolean {
  return depth === 1 && path.toString().endsWith('/lost+found');
}

/**
 * Assigns a path to a part of the store. Given `v3/REPOSITORY/SCOPE/VERSION/KEY/copies`, an entry is at depth 5, or at
 * depth 2 in `quarantine`. Its ready copies are in its folder.
 */
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
  const owned = { path: text, bytes: 0, isLeftover: isOrphan(text, staleAfter[folder.part], walk.now) };
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

function recordUnread({ usage }: Walk, { path, part, owned }: Folder, error: unknown): void {
  // It was removed meanwhile.
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
  if (owned !== undefined) recordBlocked(path, owned);
  usage.unreadFolders += 1;
  if (part === 'copies') return;
  usage.unreadElsewhere += 1;
  if (usage.unread.length < maxNamed)
    usage.unread.push({ path: path.toString(), bytes: 0, reason: reasonFor(path, error), part });
}

/**
 * Notes whether a folder blocks the removal. The owner of a folder can change its mode; another user needs write
 * permission to empty it.
 */
function recordBlocked(path: Buffer, owned: Owned): void {
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
