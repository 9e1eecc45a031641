import { createHash, type Hash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readSync,
  type Stats,
  statfsSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { discard } from './discard.ts';
import { asCannotHold, CannotHold, type Item, kindOf, type Skip } from './inventory.ts';
import { plainTree, readTree, type TreeReader } from './held.ts';
import { below, parentOf, toBytes, toText } from './names.ts';
import type { Tick } from './progress.ts';
import { isSameTime, settable } from './times.ts';

/** How the content of a file gets to its place. `reflink` shares blocks until one side is written. */
export type Method = 'copy' | 'reflink' | 'hardlink';

export interface CopyOptions {
  /** Of each file; default: `copy`. */
  methodOf?: (item: Item) => Method;
  /** `stat`: kind, size and time of each source are compared; `full`: its content with the digest, too. */
  verify?: 'off' | 'stat' | 'full';
  /** Others may change the source meanwhile: it is read by ways that lead nowhere else. */
  isShared?: boolean;
  /** Whether the disk is asked first if it has room for what is copied: sizes are a stranger's word. */
  measure?: boolean;
  /**
   * Takes what changed or went away since it was listed, or cannot be read, with all that is in it: it is left out. Each item is
   * compared when it was copied.
   */
  skip?: Skip | undefined;
  tick?: Tick | undefined;
}

/** A tree that is not what its inventory says. */
export class NotWhole extends Error {
  override readonly name = 'NotWhole';
}

/** For people. */
export function nameOf({ path }: Item): string {
  return path === '' ? 'the folder or file itself' : toText(path);
}

/** Files up to this size take fewer calls when they are read and written than through the system's own copy. */
const small = 1 << 20;

/**
 * Copies what `items` name from one tree to another that does not exist yet. Modes and times are those of the items; links
 * are made anew. Synchronous calls: they are several times faster here than promises, and nothing else goes on meanwhile.
 * @throws NotWhole when something is missing, or not as `verify` wants it; CannotHold when the root itself is to be skipped; Error
 * from the file system
 */
export function copyItems(
  from: string,
  to: string,
  items: readonly Item[],
  {
    methodOf = () => 'copy',
    verify = 'stat',
    isShared = false,
    measure = false,
    skip,
    tick,
  }: CopyOptions = {},
): void {
  if (measure)
    expectRoom(
      parentOf(to),
      items.filter((item) => methodOf(item) === 'copy'),
    );
  // So that files are made with their modes: a call less for each.
  const mask = process.umask(0);
  const left = new Set<string>();
  const tree = isShared ? readTree(from) : plainTree(from);
  try {
    for (const item of items) {
      const target = below(to, item.path);
      if (left.has(parentOf(item.path))) {
        left.add(item.path);
        continue;
      }
      const source = wayTo(tree, item);
      try {
        if (verify !== 'off') compare(source, item);
        copyItem(source, target, item, { method: methodOf(item), verify, isShared });
        if (skip !== undefined) compare(source, item);
      } catch (error) {
        leaveOut(source, item, error, skip);
        discard(toBytes(target));
        left.add(item.path);
      }
      tick?.(1, item.size);
    }
  } finally {
    process.umask(mask);
    tree.close();
  }
  finishDirectories(to, left.size === 0 ? items : items.filter(({ path }) => !left.has(path)));
}

/** @throws NotWhole where a link or a file stands in the place of a folder on the way, or nothing does */
export function wayTo({ pathOf }: TreeReader, item: Item): string {
  try {
    return pathOf(item.path);
  } catch (error) {
    if (!['ENOTDIR', 'ELOOP', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new NotWhole(`what ${nameOf(item)} lies in is missing, or another kind of file`);
  }
}

/** @throws CannotHold for the root; `error` itself where nothing is skipped, or the fault is not the source's */
export function leaveOut(source: string, item: Item, error: unknown, skip: Skip | undefined): void {
  const cannot = skip && whyLeftOut(source, item, error);
  if (skip === undefined || cannot === undefined) throw error;
  if (item.path === '') throw cannot;
  skip(item.path, cannot.why);
}

/** Why something cannot be read as it was listed. The source itself is asked: an error does not say on which side it happened. */
function whyLeftOut(source: string, item: Item, error: unknown): CannotHold | undefined {
  const changed = new CannotHold(source, 'it changed while it was read');
  try {
    lstatSync(toBytes(source));
    if (error instanceof NotWhole) return changed;
    compare(source, item);
    if (item.kind === 'file' && asCannotHold(source, error) !== undefined)
      readInto(toBytes(source), item, createHash('sha256'));
  } catch (again) {
    return again instanceof NotWhole ? changed : asCannotHold(source, again);
  }
  return undefined;
}

/** @throws Error with the code ENOSPC, as the system's own, before anything is written */
function expectRoom(folder: string, items: readonly Item[]): void {
  const { blocks, bavail, bsize } = statfsSync(toBytes(folder));
  // A file system that does not say, such as ramfs.
  if (blocks === 0) return;
  const wanted = items.reduce((sum, { size }) => sum + size, 0);
  if (wanted <= bavail * bsize) return;
  const text = `ENOSPC: ${wanted} bytes are to be copied, and the disk of ${toText(folder)} has ${bavail * bsize}`;
  throw Object.assign(new Error(text), { code: 'ENOSPC' });
}

/** Folders get their modes and times when all is in them: a read-only one could not be filled. */
export function finishDirectories(root: string, items: readonly Item[]): void {
  for (const { kind, path, mode, modified } of items.toReversed()) {
    if (kind !== 'directory') continue;
    const folder = toBytes(below(root, path));
    chmodSync(folder, mode);
    utimesSync(folder, settable(modified), settable(modified));
  }
}

/** @throws NotWhole when something else is there than the inventory says, or nothing */
export function expectKind(source: string, item: Item): Stats {
  const stats = lstatSync(toBytes(source), { throwIfNoEntry: false });
  if (stats === undefined) throw new NotWhole(`${nameOf(item)} is missing`);
  if (kindOf(stats) !== item.kind) throw new NotWhole(`${nameOf(item)} is another kind of file`);
  return stats;
}

export function compare(source: string, item: Item): void {
  const stats = expectKind(source, item);
  if (item.kind !== 'file') return;
  if (stats.size !== item.size)
    throw new NotWhole(`${nameOf(item)} has ${stats.size} bytes, not ${item.size}`);
  if (!isSameTime(stats.mtimeMs, item.modified)) throw new NotWhole(`${nameOf(item)} was written later`);
}

function copyItem(
  source: string,
  target: string,
  item: Item,
  how: { method: Method; verify: 'off' | 'stat' | 'full'; isShared: boolean },
): void {
  const [from, to] = [toBytes(source), toBytes(target)];
  const time = settable(item.modified);
  if (item.kind === 'directory') return mkdirSync(to, { mode: 0o700 }) as undefined;
  if (item.kind === 'link') {
    symlinkSync(toBytes(item.link ?? ''), to);
    return lutimesSync(to, time, time);
  }
  const digest = how.verify === 'full' ? createHash('sha256') : undefined;
  try {
    if (how.method === 'hardlink') {
      if (digest !== undefined) readInto(from, item, digest);
      if (!linkReadOnly(from, to, item)) writeThrough(from, to, item, undefined);
    } else if (how.method === 'reflink' || (item.size > small && digest === undefined)) {
      if (digest !== undefined) readInto(from, item, digest);
      copyWhole(from, to, how.isShared);
      chmodSync(to, item.mode);
      utimesSync(to, time, time);
    } else writeThrough(from, to, item, digest);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NotWhole(`${nameOf(item)} is missing`);
  }
  if (digest !== undefined) expectDigest(item, digest);
}

/** By the system's own copy, which would follow a link in the place of the file. */
function copyWhole(from: Buffer, to: Buffer, isShared: boolean): void {
  const how = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
  if (!isShared || process.platform !== 'linux') return copyFileSync(from, to, how);
  const file = openSync(from, readOnly);
  try {
    copyFileSync(`/proc/self/fd/${file}`, to, how);
  } finally {
    closeSync(file);
  }
}

/** False where that may not be: another user's file, or one that has all the names it can have. */
function linkReadOnly(from: Buffer, to: Buffer, item: Item): boolean {
  try {
    // A link shares the mode as well: nobody is to write through it.
    if ((item.mode & 0o222) !== 0) chmodSync(from, item.mode & ~0o222);
    linkSync(from, to);
    return true;
  } catch (error) {
    if (['EPERM', 'EMLINK', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

export function expectDigest(item: Item, digest: Hash): void {
  if (item.sha256 === undefined) throw new NotWhole(`${nameOf(item)} has no digest to compare with`);
  if (digest.digest('hex') !== item.sha256)
    throw new NotWhole(`${nameOf(item)} has other content than was saved`);
}

const buffer = Buffer.allocUnsafe(small);

function writeThrough(from: Buffer, to: Buffer, item: Item, digest: Hash | undefined): void {
  const source = openSync(from, readOnly);
  try {
    const target = openSync(to, 'wx', item.mode);
    try {
      let total = 0;
      for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
        digest?.update(buffer.subarray(0, read));
        for (let at = 0; at < read;) at += writeSync(target, buffer, at, read - at);
        total += read;
        // One that grew may have no end.
        if (total > item.size || (total === item.size && read < buffer.length)) break;
      }
      if (total !== item.size) throw new NotWhole(`${nameOf(item)} has ${total} bytes, not ${item.size}`);
      futimesSync(target, settable(item.modified), settable(item.modified));
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** For a file that may have become a link or a pipe: neither is followed, nor waited for. Windows knows neither. */
export const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads a file for its digest. */
export function readInto(path: Buffer, item: Item, digest: Hash, tick?: Tick): void {
  const file = openSync(path, readOnly);
  try {
    let total = 0;
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      digest.update(buffer.subarray(0, read));
      total += read;
      tick?.(0, read);
      if (total > item.size) break;
    }
    if (total !== item.size) throw new NotWhole(`${nameOf(item)} has ${total} bytes, not ${item.size}`);
  } finally {
    closeSync(file);
  }
}
