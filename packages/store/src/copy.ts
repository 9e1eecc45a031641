import { createHash, type Hash } from 'node:crypto';
import { lstatSync, mkdirSync, type Stats, statfsSync } from 'node:fs';
import {
  cloneFile,
  compare,
  expectDigest,
  linkReadOnly,
  nameOf,
  TreeMismatch,
  readInto,
  bufferSize,
  writeThrough,
} from './copy-file.ts';
import { discard } from './discard.ts';
import { toNotCacheable, NotCacheable, type Skip } from './inventory.ts';
import { type Item } from './item.ts';
import { plainTreeReader, safeTreeReader, type TreeReader } from './safe-paths.ts';
import { below, parentOf, pathToBytes, toPath, pathToText } from './byte-paths.ts';
import type { OnProgress } from './progress.ts';
import { finishDirectories, finishItem, makeLink } from './tree-writer.ts';

/** How the content of a file is copied. `reflink` shares blocks until one side is written. */
export type Method = 'copy' | 'reflink' | 'hardlink';

interface CopyOptions {
  /** The method for each file. Default: `copy`. */
  methodOf?: (item: Item) => Method;
  /** `stat` compares the kind, size and time of each source; `full` also compares its digest. */
  verify?: 'off' | 'stat' | 'full';
  /** Whether other users may change the source meanwhile: it is read through safe paths then. */
  isShared?: boolean;
  /** Whether to check the free disk space first. Sizes in a shared store cannot be trusted. */
  measure?: boolean;
  /**
   * Called for items that changed or disappeared since the inventory, or cannot be read. They are left out, with all
   * that is in them. Each item is also compared after its copy.
   */
  skip?: Skip | undefined;
  /** Called with the stats of each file that was created. */
  describe?: (item: Item, stats: Stats) => void;
  tick?: OnProgress | undefined;
}

/** How one file is copied. */
interface FileCopyOptions {
  method: Method;
  verify: 'off' | 'stat' | 'full';
  isShared: boolean;
  /** As in `ReadOptions`. */
  after: boolean;
  returnStats: boolean;
}

/**
 * Copies `items` from one tree to a new one, with the modes and times of the items. Symlinks are created again. The
 * calls are synchronous: they are several times faster here than promises, and nothing else runs meanwhile.
 * @returns the items that were not left out
 * @throws TreeMismatch if an item is missing or fails `verify`; NotCacheable if the root itself would be left out;
 * Error from the file system
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
    describe,
    tick,
  }: CopyOptions = {},
): readonly Item[] {
  if (measure)
    expectRoom(
      parentOf(to),
      items.filter((item) => methodOf(item) === 'copy'),
    );
  // With umask 0, files are created with their mode, which saves a call for each.
  const mask = process.umask(0);
  const left = new Set<string>();
  const tree = isShared ? safeTreeReader(from) : plainTreeReader(from);
  const options = { verify, isShared, after: skip !== undefined, returnStats: describe !== undefined };
  try {
    for (const item of items) {
      const target = below(to, item.path);
      if (left.size > 0 && left.has(parentOf(item.path))) {
        left.add(item.path);
        continue;
      }
      const source = pathOfItem(tree, item);
      try {
        const made = copyItem(source, target, item, { ...options, method: methodOf(item) });
        if (made !== undefined) describe?.(item, made);
      } catch (error) {
        leaveOut(source, item, error, skip);
        discard(pathToBytes(target));
        left.add(item.path);
      }
      tick?.(1, item.size);
    }
  } finally {
    process.umask(mask);
    tree.close();
  }
  const made = left.size === 0 ? items : items.filter(({ path }) => !left.has(path));
  finishDirectories(to, made, modesIn(to, made));
  return made;
}

/** @throws TreeMismatch if a folder on the way is missing, a symlink or a file */
export function pathOfItem({ pathOf }: TreeReader, item: Item): string {
  try {
    return pathOf(item.path);
  } catch (error) {
    if (!['ENOTDIR', 'ELOOP', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new TreeMismatch(`the folder of ${nameOf(item)} is missing, or another kind of file`);
  }
}

/**
 * Leaves out an item that could not be copied, if `skip` is given and the source is the cause.
 * @throws NotCacheable for the root; otherwise `error` itself
 */
export function leaveOut(source: string, item: Item, error: unknown, skip: Skip | undefined): void {
  const cannot = skip && whyLeftOut(source, item, error);
  if (skip === undefined || cannot === undefined) throw error;
  if (item.path === '') throw cannot;
  skip(item.path, cannot.why);
}

/**
 * Returns why the source cannot be read as it was listed. Checks the source again, because an error does not say on
 * which side it happened.
 */
function whyLeftOut(source: string, item: Item, error: unknown): NotCacheable | undefined {
  const changed = new NotCacheable(source, 'it changed while it was read');
  try {
    lstatSync(pathToBytes(source));
    if (error instanceof TreeMismatch) return changed;
    compare(source, item);
    if (item.kind === 'file' && toNotCacheable(source, error) !== undefined)
      readInto(pathToBytes(source), item, createHash('sha256'));
  } catch (again) {
    return again instanceof TreeMismatch ? changed : toNotCacheable(source, again);
  }
  return undefined;
}

/** @throws Error with code ENOSPC, like the system's own, before anything is written */
function expectRoom(folder: string, items: readonly Item[]): void {
  const { blocks, bavail, bsize } = statfsSync(pathToBytes(folder));
  // The file system does not report its size, such as ramfs.
  if (blocks === 0) return;
  const wanted = items.reduce((sum, { size }) => sum + size, 0);
  if (wanted <= bavail * bsize) return;
  const text = `ENOSPC: ${wanted} bytes must be copied, but the disk of ${pathToText(folder)} has ${bavail * bsize}`;
  throw Object.assign(new Error(text), { code: 'ENOSPC' });
}

/** Mode for a new folder: its own, with access for the owner so that it can be filled. `mkdir` cannot set setgid. */
const madeWith = ({ mode }: Item): number => (mode & 0o777) | 0o700;

/**
 * Returns which folders of a new tree already have their final mode. The parent folder may change modes (setgid, ACLs):
 * for all folders or for none, so the root is checked.
 */
function modesIn(root: string, [first]: readonly Item[]): (item: Item) => boolean {
  const isAsMade =
    first?.kind === 'directory' &&
    first.path === '' &&
    (lstatSync(toPath(root)).mode & 0o7777) === madeWith(first);
  return (item) => isAsMade && item.mode === madeWith(item);
}

/** @returns the stats of a created file, if `returnStats` is set */
function copyItem(source: string, target: string, item: Item, options: FileCopyOptions): Stats | undefined {
  if (item.kind === 'file') return copyFile(source, target, item, options);
  if (options.verify !== 'off') compare(source, item);
  if (item.kind === 'directory') mkdirSync(toPath(target), { mode: madeWith(item) });
  else makeLink(toPath(target), item);
  if (options.after) compare(source, item);
  return undefined;
}

function copyFile(source: string, target: string, item: Item, options: FileCopyOptions): Stats | undefined {
  const digest = options.verify === 'full' ? createHash('sha256') : undefined;
  const isRead = options.method === 'copy' && (item.size <= bufferSize || digest !== undefined);
  try {
    const before = options.verify !== 'off';
    const made = isRead
      ? writeThrough(source, target, item, { ...options, digest, before })
      : copyBySystem(source, target, item, options, digest);
    if (digest !== undefined) expectDigest(item, digest);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new TreeMismatch(`${nameOf(item)} is missing`);
  }
}

/** Copies a file by a hard link or the system's own copy. */
function copyBySystem(
  source: string,
  target: string,
  item: Item,
  { method, verify, isShared, after, returnStats }: FileCopyOptions,
  digest: Hash | undefined,
): Stats | undefined {
  if (verify !== 'off') compare(source, item);
  if (digest !== undefined) readInto(toPath(source), item, digest);
  if (method !== 'hardlink') {
    cloneFile(source, target, isShared);
    finishItem(toPath(target), item);
  } else if (!linkReadOnly(source, target, item)) writeThrough(source, target, item);
  if (after) compare(source, item);
  return returnStats ? lstatSync(toPath(target)) : undefined;
}
