import { chmodSync, lstatSync, readlinkSync, type Stats } from 'node:fs';
import { kindOf } from './inventory.ts';
import { type Item } from './item.ts';
import { below, parentOf, pathToBytes, pathToText } from './byte-paths.ts';
import { whyNotWritable } from './writable-folders.ts';
import { isSameTime } from './times.ts';
import { hasContent } from './verify.ts';
import { mountsAt } from './mount-points.ts';

/** What a target lacks of a tree. */
export interface MissingItems {
  /** Each folder comes before its contents. */
  items: Item[];
  /** Number of files that are newer in the target and stay. */
  newer: number;
  /** Full paths of obstacles that stay, with their kind, for messages. */
  left: string[];
}

interface LookOptions {
  /** Also compares the content of files that look the same. */
  full: boolean;
  /** Treats files that are newer in the target like older ones. */
  overNewer: boolean;
}

/**
 * Finds the items that a target lacks: they are missing, or differ in size or time and are not newer. A newer file was
 * changed on purpose. Obstacles stay, including folders that may not be written, and nothing behind them is checked.
 * @throws Error if the tree has files at a mount point, or an obstacle is at the target itself
 */
export function findMissing(
  target: string,
  items: readonly Item[],
  { full, overNewer }: LookOptions,
): MissingItems {
  const mounts = mountsAt(target).below;
  const missing: MissingItems = { items: [], newer: 0, left: [] };
  const blocked = new Set<string>();
  const isUnwritable = unwritableFolders(missing.left);
  for (const item of items) {
    const path = below(target, item.path);
    const folder = parentOf(path);
    const isBelowObstacle = blocked.has(parentOf(item.path));
    if (!isBelowObstacle) expectNotMounted(mounts, item.path, path);
    const stats = isBelowObstacle ? undefined : tryStat(path, isUnwritable);
    const obstacle = stats && obstacleAt(path, item, stats);
    if (obstacle !== undefined) missing.left.push(obstacle);
    if (isBelowObstacle || obstacle !== undefined) {
      blocked.add(item.path);
      continue;
    }
    if (stats !== undefined && looksSame(item, stats)) restoreOwnerBits(path, item, stats);
    const state = stats === undefined ? 'missing' : compare(path, item, stats, full);
    if (state === 'newer' && !overNewer) missing.newer += 1;
    else if (state !== 'same' && isUnwritable(folder)) blocked.add(item.path);
    else if (state !== 'same') missing.items.push(item);
  }
  return missing;
}

/**
 * Returns a function that tells whether a folder may not be written.
 * @param left receives each such folder once
 */
function unwritableFolders(left: string[]): (folder: string) => boolean {
  const known = new Map<string, boolean>();
  return (folder) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const why = whyNotWritable(folder);
    if (why !== undefined) left.push(`${pathToText(folder)} (a folder that may not be written: ${why})`);
    known.set(folder, why !== undefined);
    return why !== undefined;
  };
}

/** Returns `undefined` if nothing is there, or if the item is in a folder that this user cannot search. */
function tryStat(path: string, isUnwritable: (folder: string) => boolean): Stats | undefined {
  try {
    return lstatSync(pathToBytes(path), { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES' && isUnwritable(parentOf(path))) return undefined;
    throw error;
  }
}

/** @throws Error if the item is at or below a mount point */
export function expectNotMounted(mounts: readonly string[], item: string, path: string): void {
  if (mounts.some((mount) => item === mount || item.startsWith(`${mount}/`)))
    throw new Error(`something is mounted at ${pathToText(path)}, where the entry has files`);
}

/**
 * Describes an obstacle that must stay; `undefined` if there is none. A file may be replaced by a symlink that is
 * newer.
 * @throws Error if the obstacle is the target itself
 */
function obstacleAt(path: string, item: Item, stats: Stats): string | undefined {
  const kind = kindOf(stats);
  if (kind === item.kind || (kind === 'file' && item.kind === 'link')) return undefined;
  const words = { link: 'a link', directory: 'a folder', file: 'a file' };
  const what = kind === undefined ? 'a socket, a pipe or a device' : words[kind];
  if (item.path !== '') return `${pathToText(path)} (${what})`;
  throw new Error(
    `${pathToText(path)} is ${what}, but the entry has another kind of file there. It was not changed`,
  );
}

/**
 * Restores lost read and execute permission for the owner, on a file or folder of this user that is otherwise the same
 * as the entry's. Not write permission, which is removed on purpose, such as from files that are links to the store.
 */
function restoreOwnerBits(path: string, { kind, mode }: Item, stats: Stats): void {
  const lost = mode & 0o500 & ~stats.mode;
  if (kind === 'link' || lost === 0 || stats.uid !== process.geteuid?.()) return;
  try {
    chmodSync(pathToBytes(path), (stats.mode & 0o7777) | lost);
  } catch {
    // For example on a read-only disk: it stays as it is.
  }
}

function compare(path: string, item: Item, stats: Stats, full: boolean): 'same' | 'newer' | 'older' {
  if (item.kind === 'directory' || isSame(path, item, stats, full)) return 'same';
  return stats.mtimeMs > item.modified && !isSameTime(stats.mtimeMs, item.modified) ? 'newer' : 'older';
}

function isSame(path: string, item: Item, stats: Stats, full: boolean): boolean {
  if (kindOf(stats) !== item.kind) return false;
  if (item.kind === 'link')
    return readlinkSync(pathToBytes(path), { encoding: 'buffer' }).equals(pathToBytes(item.link ?? ''));
  return looksSame(item, stats) && (!full || hasContent(path, item));
}

/** Compares the size and time of a file. A folder needs neither. */
function looksSame(item: Item, stats: Stats): boolean {
  return item.kind === 'directory' || (stats.size === item.size && isSameTime(stats.mtimeMs, item.modified));
}
