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
import { below, parentOf, toBytes, toPath, toText } from './byte-paths.ts';
import type { Tick } from './progress.ts';
import { finishDirectories, finishItem, makeLink } from './tree-writer.ts';

/** How the content of a file gets to its place. `reflink` shares blocks until one side is written. */
export type Method = 'copy' | 'reflink' | 'hardlink';

interface CopyOptions {
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
  /** Takes what each file is like that was made. */
  describe?: (item: Item, stats: Stats) => void;
  tick?: Tick | undefined;
}

/** What a file is copied by. */
interface How {
  method: Method;
  verify: 'off' | 'stat' | 'full';
  isShared: boolean;
  /** As in `ReadOptions`. */
  after: boolean;
  look: boolean;
}

/**
 * Copies what `items` name from one tree to another that does not exist yet. Modes and times are those of the items; links
 * are made anew. Synchronous calls: they are several times faster here than promises, and nothing else goes on meanwhile.
 * @returns what was not left out
 * @throws TreeMismatch when something is missing, or not as `verify` wants it; NotCacheable when the root itself is to be skipped; Error
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
    describe,
    tick,
  }: CopyOptions = {},
): readonly Item[] {
  if (measure)
    expectRoom(
      parentOf(to),
      items.filter((item) => methodOf(item) === 'copy'),
    );
  // So that files are made with their modes: a call less for each.
  const mask = process.umask(0);
  const left = new Set<string>();
  const tree = isShared ? safeTreeReader(from) : plainTreeReader(from);
  const how = { verify, isShared, after: skip !== undefined, look: describe !== undefined };
  try {
    for (const item of items) {
      const target = below(to, item.path);
      if (left.size > 0 && left.has(parentOf(item.path))) {
        left.add(item.path);
        continue;
      }
      const source = pathOfItem(tree, item);
      try {
        const made = copyItem(source, target, item, { ...how, method: methodOf(item) });
        if (made !== undefined) describe?.(item, made);
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
  const made = left.size === 0 ? items : items.filter(({ path }) => !left.has(path));
  finishDirectories(to, made, modesIn(to, made));
  return made;
}

/** @throws TreeMismatch where a link or a file stands in the place of a folder on the way, or nothing does */
export function pathOfItem({ pathOf }: TreeReader, item: Item): string {
  try {
    return pathOf(item.path);
  } catch (error) {
    if (!['ENOTDIR', 'ELOOP', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new TreeMismatch(`what ${nameOf(item)} lies in is missing, or another kind of file`);
  }
}

/** @throws NotCacheable for the root; `error` itself where nothing is skipped, or the fault is not the source's */
export function leaveOut(source: string, item: Item, error: unknown, skip: Skip | undefined): void {
  const cannot = skip && whyLeftOut(source, item, error);
  if (skip === undefined || cannot === undefined) throw error;
  if (item.path === '') throw cannot;
  skip(item.path, cannot.why);
}

/** Why something cannot be read as it was listed. The source itself is asked: an error does not say on which side it happened. */
function whyLeftOut(source: string, item: Item, error: unknown): NotCacheable | undefined {
  const changed = new NotCacheable(source, 'it changed while it was read');
  try {
    lstatSync(toBytes(source));
    if (error instanceof TreeMismatch) return changed;
    compare(source, item);
    if (item.kind === 'file' && toNotCacheable(source, error) !== undefined)
      readInto(toBytes(source), item, createHash('sha256'));
  } catch (again) {
    return again instanceof TreeMismatch ? changed : toNotCacheable(source, again);
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

/** A folder is made with its mode, but so that it can be filled. Setgid is none that it could be made with. */
const madeWith = ({ mode }: Item): number => (mode & 0o777) | 0o700;

/** Tells which folders of a whole tree have their mode since they were made. What is around it may give them others (setgid, ACLs): all, or none. */
function modesIn(root: string, [first]: readonly Item[]): (item: Item) => boolean {
  const isAsMade =
    first?.kind === 'directory' &&
    first.path === '' &&
    (lstatSync(toPath(root)).mode & 0o7777) === madeWith(first);
  return (item) => isAsMade && item.mode === madeWith(item);
}

/** @returns what was made of a file, if it is to be looked at */
function copyItem(source: string, target: string, item: Item, how: How): Stats | undefined {
  if (item.kind === 'file') return copyFile(source, target, item, how);
  if (how.verify !== 'off') compare(source, item);
  if (item.kind === 'directory') mkdirSync(toPath(target), { mode: madeWith(item) });
  else makeLink(toPath(target), item);
  if (how.after) compare(source, item);
  return undefined;
}

function copyFile(source: string, target: string, item: Item, how: How): Stats | undefined {
  const digest = how.verify === 'full' ? createHash('sha256') : undefined;
  const isRead = how.method === 'copy' && (item.size <= bufferSize || digest !== undefined);
  try {
    const before = how.verify !== 'off';
    const made = isRead
      ? writeThrough(source, target, item, { ...how, digest, before })
      : copyBySystem(source, target, item, how, digest);
    if (digest !== undefined) expectDigest(item, digest);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new TreeMismatch(`${nameOf(item)} is missing`);
  }
}

/** By a link, or by the system's own copy. */
function copyBySystem(
  source: string,
  target: string,
  item: Item,
  { method, verify, isShared, after, look }: How,
  digest: Hash | undefined,
): Stats | undefined {
  if (verify !== 'off') compare(source, item);
  if (digest !== undefined) readInto(toPath(source), item, digest);
  if (method !== 'hardlink') {
    cloneFile(source, target, isShared);
    finishItem(toPath(target), item);
  } else if (!linkReadOnly(source, target, item)) writeThrough(source, target, item);
  if (after) compare(source, item);
  return look ? lstatSync(toPath(target)) : undefined;
}
