import type { Hash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  futimesSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { kindOf } from './inventory.ts';
import { type Item } from './item.ts';
import { toPath, pathToText } from './byte-paths.ts';
import type { OnProgress } from './progress.ts';
import { isSameTime, settable } from './times.ts';

/** A tree differs from its inventory. */
export class TreeMismatch extends Error {
  override readonly name = 'TreeMismatch';
}

/** Returns the item's name for messages. */
export function nameOf({ path }: Item): string {
  return path === '' ? 'the folder or file itself' : pathToText(path);
}

/**
 * Returns the stats of the file.
 * @throws TreeMismatch if it is missing or of another kind than the item
 */
export function expectKind(source: string, item: Item): Stats {
  const stats = lstatSync(toPath(source), { throwIfNoEntry: false });
  if (stats === undefined) throw new TreeMismatch(`${nameOf(item)} is missing`);
  if (kindOf(stats) !== item.kind) throw new TreeMismatch(`${nameOf(item)} is another kind of file`);
  return stats;
}

/**
 * Checks that the size and time of the file match the item.
 * @throws TreeMismatch
 */
export function compare(source: string, item: Item): void {
  compareStats(expectKind(source, item), item);
}

function compareStats(stats: Stats, item: Item): void {
  if (item.kind !== 'file') return;
  if (stats.size !== item.size)
    throw new TreeMismatch(`${nameOf(item)} has ${stats.size} bytes, not ${item.size}`);
  if (!isSameTime(stats.mtimeMs, item.modified)) throw new TreeMismatch(`${nameOf(item)} was written later`);
}

/** Bytes. For files up to this size, reading and writing takes fewer system calls than the system's own copy. */
export const bufferSize = 1 << 20;
const buffer = Buffer.allocUnsafe(bufferSize);

/**
 * Flags to open a file that may have become a symlink or a pipe: do not follow it, do not wait for it. Windows does not
 * have these flags.
 */
export const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const writeNew = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

interface ReadOptions {
  digest?: Hash | undefined;
  /**
   * Whether to compare the source with the item before and after the copy. The open file is checked, which is fastest.
   */
  before?: boolean;
  after?: boolean;
  /** Whether to return the stats of the written file. */
  returnStats?: boolean;
}

/**
 * Copies a file by reading and writing it, with the item's time and its mode less the umask.
 * @returns the stats of the written file, if `returnStats` is set
 */
export function writeThrough(
  from: string,
  to: string,
  item: Item,
  { digest, before = false, after = false, returnStats = false }: ReadOptions = {},
): Stats | undefined {
  const source = openSource(from, item);
  try {
    if (before) compareOpen(source, item);
    const target = openSync(toPath(to), writeNew, item.mode);
    try {
      let total = 0;
      for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
        digest?.update(buffer.subarray(0, read));
        for (let at = 0; at < read;) at += writeSync(target, buffer, at, read - at);
        total += read;
        // A file that grows may never end.
        if (total > item.size || (total === item.size && read < buffer.length)) break;
      }
      if (total !== item.size) throw new TreeMismatch(`${nameOf(item)} has ${total} bytes, not ${item.size}`);
      const time = settable(item.modified);
      futimesSync(target, time, time);
      if (after) compareOpen(source, item);
      return returnStats ? fstatSync(target) : undefined;
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** @throws TreeMismatch if something else is there, such as a symlink */
function openSource(from: string, item: Item): number {
  try {
    return openSync(toPath(from), readOnly);
  } catch (error) {
    expectKind(from, item);
    throw error;
  }
}

function compareOpen(file: number, item: Item): void {
  const stats = fstatSync(file);
  if (!stats.isFile()) throw new TreeMismatch(`${nameOf(item)} is another kind of file`);
  compareStats(stats, item);
}

/** Copies a file with the system's own copy. That would follow a symlink, so a shared source is opened first. */
export function cloneFile(from: string, to: string, isShared: boolean): void {
  const how = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
  if (!isShared || process.platform !== 'linux') return copyFileSync(toPath(from), toPath(to), how);
  const file = openSync(toPath(from), readOnly);
  try {
    copyFileSync(`/proc/self/fd/${file}`, toPath(to), how);
  } finally {
    closeSync(file);
  }
}

/**
 * Hard links a file and removes its write permission. Returns false if that is not possible: another user owns the
 * file, or it has the maximum number of links.
 */
export function linkReadOnly(from: string, to: string, item: Item): boolean {
  try {
    // Hard links share their mode: nobody may write through one.
    if ((item.mode & 0o222) !== 0) chmodSync(toPath(from), item.mode & ~0o222);
    linkSync(toPath(from), toPath(to));
    return true;
  } catch (error) {
    if (['EPERM', 'EMLINK', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

export function expectDigest(item: Item, digest: Hash): void {
  if (item.sha256 === undefined) throw new TreeMismatch(`${nameOf(item)} has no digest to compare with`);
  if (digest.digest('hex') !== item.sha256)
    throw new TreeMismatch(`${nameOf(item)} has other content than was saved`);
}

/** Reads a file into a digest. */
export function readInto(path: string | Buffer, item: Item, digest: Hash, tick?: OnProgress): void {
  const file = openSync(path, readOnly);
  try {
    let total = 0;
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      digest.update(buffer.subarray(0, read));
      total += read;
      tick?.(0, read);
      if (total > item.size) break;
    }
    if (total !== item.size) throw new TreeMismatch(`${nameOf(item)} has ${total} bytes, not ${item.size}`);
  } finally {
    closeSync(file);
  }
}
