import { chmodSync, lstatSync, readlinkSync, type Stats } from 'node:fs';
import { kindOf } from './inventory.ts';
import { type Item } from './item.ts';
import { below, parentOf, toBytes, toText } from './byte-paths.ts';
import { whyNotWritable } from './writable-folders.ts';
import { isSameTime } from './times.ts';
import { hasContent } from './verify.ts';
import { mountsAt } from './mount-points.ts';

/** What a target lacks of a tree. */
export interface MissingItems {
  /** Each folder before what is in it. */
  items: Item[];
  /** How many files are newer there, and stay. */
  newer: number;
  /** What stands in the way of the entry and stays, in full and with its kind, for people. */
  left: string[];
}

interface LookOptions {
  /** The content of what looks the same is compared as well. */
  full: boolean;
  /** What is newer in the target counts as what is older. */
  overNewer: boolean;
}

/**
 * Looks what a target lacks of a tree: what is missing there, or differs in size or time and is not newer. Whoever wrote to it
 * since knows better. What stands in the way stays, a folder that may not be written as well, and what is behind it is not looked at.
 * @throws Error where something is mounted, or stands in the place of the target itself
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
    const isBlocked = blocked.has(parentOf(item.path));
    if (!isBlocked) expectNotMounted(mounts, item.path, path);
    const stats = isBlocked ? undefined : tryStat(path, isUnwritable);
    const obstacle = stats && obstacleAt(path, item, stats);
    if (obstacle !== undefined) missing.left.push(obstacle);
    if (isBlocked || obstacle !== undefined) {
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

/** Tells which folders nothing can be put in. @param left they are added to it, each once */
function unwritableFolders(left: string[]): (folder: string) => boolean {
  const known = new Map<string, boolean>();
  return (folder) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const why = whyNotWritable(folder);
    if (why !== undefined) left.push(`${toText(folder)} (a folder that may not be written: ${why})`);
    known.set(folder, why !== undefined);
    return why !== undefined;
  };
}

/** `undefined`: nothing is there, or it is in a closed folder that does not let this user look. */
function tryStat(path: string, isUnwritable: (folder: string) => boolean): Stats | undefined {
  try {
    return lstatSync(toBytes(path), { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES' && isUnwritable(parentOf(path))) return undefined;
    throw error;
  }
}

/** @throws Error for what would be put on or below a mount */
export function expectNotMounted(mounts: readonly string[], item: string, path: string): void {
  if (mounts.some((mount) => item === mount || item.startsWith(`${mount}/`)))
    throw new Error(`something is mounted at ${toText(path)}, where the entry has files`);
}

/**
 * What is there, for people, where it must not make way for the item. A file may, for a link that is newer.
 * @throws Error where that is the target itself
 */
function obstacleAt(path: string, item: Item, stats: Stats): string | undefined {
  const kind = kindOf(stats);
  if (kind === item.kind || (kind === 'file' && item.kind === 'link')) return undefined;
  const words = { link: 'a link', directory: 'a folder', file: 'a file' };
  const what = kind === undefined ? 'a socket, a pipe or a device' : words[kind];
  if (item.path !== '') return `${toText(path)} (${what})`;
  throw new Error(`${toText(path)} is ${what}, which the entry does not have: it is left alone`);
}

/**
 * Gives a file or folder of this user's own, which is the entry's otherwise, the bits back that its owner needs to read and to run
 * it. Not the one to write: it is taken away on purpose, of files that are links to the store above all.
 */
function restoreOwnerBits(path: string, { kind, mode }: Item, stats: Stats): void {
  const lost = mode & 0o500 & ~stats.mode;
  if (kind === 'link' || lost === 0 || stats.uid !== process.geteuid?.()) return;
  try {
    chmodSync(toBytes(path), (stats.mode & 0o7777) | lost);
  } catch {
    // On a disk that may only be read, say: it stays as it is.
  }
}

function compare(path: string, item: Item, stats: Stats, full: boolean): 'same' | 'newer' | 'older' {
  if (item.kind === 'directory' || isSame(path, item, stats, full)) return 'same';
  return stats.mtimeMs > item.modified && !isSameTime(stats.mtimeMs, item.modified) ? 'newer' : 'older';
}

function isSame(path: string, item: Item, stats: Stats, full: boolean): boolean {
  if (kindOf(stats) !== item.kind) return false;
  if (item.kind === 'link')
    return readlinkSync(toBytes(path), { encoding: 'buffer' }).equals(toBytes(item.link ?? ''));
  return looksSame(item, stats) && (!full || hasContent(path, item));
}

/** Of a file by its size and time, which a folder need not have. */
function looksSame(item: Item, stats: Stats): boolean {
  return item.kind === 'directory' || (stats.size === item.size && isSameTime(stats.mtimeMs, item.modified));
}
