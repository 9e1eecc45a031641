import type { Inventory, Item, Kind } from './item.ts';
import {
  accessSync,
  type BigIntStats,
  constants,
  lstatSync,
  readdirSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { constants as system } from 'node:os';
import { below, fromBytes, pathToBytes, toPath, pathToText } from './byte-paths.ts';
import { isLeftoverName } from './probe.ts';
import { readLines } from './records.ts';
import { checkInOrder, type LinkRule, openBudget } from './check-items.ts';
import type { OnProgress } from './progress.ts';
import { millisecondsOf, notLaterThan } from './times.ts';
import { mountsAt } from './mount-points.ts';

interface Totals {
  files: number;
  bytes: number;
}

/** Called for items that cannot be cached: the path below the root, one character per byte, and the reason. */
export type Skip = (path: string, why: string) => void;

export interface InventoryOptions {
  tick?: OnProgress | undefined;
  /**
   * Called for items that cannot be cached and are left out. Without it, such an item is an error. If it is the root,
   * that is always an error.
   */
  skip?: Skip | undefined;
  /** Maximum bytes of a path below the root. Longer paths could not be copied. */
  longest?: number | undefined;
  /** The user who must own all items. Items of another user cannot be cached. */
  owner?: number | undefined;
}

/**
 * Lists a tree without following symlinks or entering mount points.
 * @throws Error from the file system; `NotCacheable` for an item that cannot be cached, unless `skip` is given
 */
export function takeInventory(root: string, options: InventoryOptions = {}): Inventory {
  const { tick, skip, longest = Infinity, owner } = options;
  const items: Inventory = [];
  const user = process.geteuid?.();
  const mounts = new Set(mountsAt(root).below);
  let device: number | undefined;
  const open = [''];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const full = below(root, path);
    try {
      if (path.length > longest)
        throw new NotCacheable(full, 'its path is too long for the folders of the store');
      if (mounts.has(path)) throw new NotCacheable(full, 'something is mounted there');
      device ??= lstatSync(pathToBytes(root)).dev;
      const item = readItem(full, path, { device, owner, user });
      const names = item.kind === 'directory' ? readdirSync(toPath(full), { encoding: 'latin1' }) : [];
      items.push(item);
      // Leftovers of another restore are not a part of the tree.
      for (const name of names.sort().reverse()) if (!isLeftoverName(name)) open.push(below(path, name));
    } catch (error) {
      const cannot = toNotCacheable(full, error);
      if (skip === undefined || cannot === undefined) throw error;
      if (path === '') throw cannot;
      skip(path, cannot.why);
    }
    tick?.(1, 0);
  }
  return items;
}

/**
 * An item cannot be cached: a socket, pipe or device, a mount point, or a file that is unreadable or changes meanwhile.
 */
export class NotCacheable extends Error {
  override readonly name = 'NotCacheable';
  readonly why: string;

  constructor(full: string, why: string) {
    super(`${pathToText(full)} cannot be cached: ${why}`);
    this.why = why;
  }
}

/** Converts an error of reading `full` to NotCacheable. Returns `undefined` for errors of another kind. */
export function toNotCacheable(full: string, error: unknown): NotCacheable | undefined {
  if (error instanceof NotCacheable) return error;
  const reasons: Record<string, string> = {
    EACCES: 'it may not be read',
    EPERM: 'it may not be read',
    ENOENT: 'it was removed meanwhile',
    ENOTDIR: 'it was removed meanwhile',
    ENAMETOOLONG: 'its path is too long',
    EIO: 'the disk says: EIO, input/output error',
    ESTALE: 'the disk says: ESTALE, stale file handle',
  };
  const { code = '', errno } = error as NodeJS.ErrnoException;
  // Node has no name for this error.
  const why = reasons[errno === -system.errno.ESTALE ? 'ESTALE' : code];
  return why === undefined ? undefined : new NotCacheable(full, why);
}

/**
 * Reads the file, folder or symlink at `full` as an item of a tree.
 * @param of.device device of the tree. An item on another device is a mount point or a subvolume.
 * @param of.owner user who must own it
 * @param of.user user of this process, if known
 * @throws NotCacheable
 */
export function readItem(
  full: string,
  path: string,
  of: { device?: number | undefined; owner?: number | undefined; user?: number | undefined } = {},
): Item {
  const stats = lstatSync(toPath(full), { bigint: true });
  if (of.device !== undefined && Number(stats.dev) !== of.device)
    throw new NotCacheable(full, 'it is on another file system, or a subvolume');
  if (of.owner !== undefined && Number(stats.uid) !== of.owner)
    throw new NotCacheable(full, 'it belongs to another user');
  return itemOf(full, path, stats, of.user ?? process.geteuid?.());
}

function itemOf(full: string, path: string, stats: BigIntStats, user: number | undefined): Item {
  const kind = kindOf(stats);
  if (kind === undefined) throw new NotCacheable(full, 'it is a socket, a pipe or a device');
  const mode = Number(stats.mode) & modeBits(kind);
  if (kind !== 'link' && !isReadable(full, Number(stats.uid), mode, user))
    throw new NotCacheable(full, `it may not be read (mode ${(mode & 0o777).toString(8)}): chmod u+r`);
  const item: Item = {
    path,
    kind,
    mode,
    size: kind === 'file' ? Number(stats.size) : 0,
    modified: notLaterThan(stats.mtimeNs),
    inode: Number(stats.ino),
    changed: millisecondsOf(stats.ctimeNs),
  };
  if (kind === 'file' && stats.nlink > 1n) item.names = Number(stats.nlink);
  if (kind === 'link') item.link = fromBytes(readlinkSync(pathToBytes(full), { encoding: 'buffer' }));
  return item;
}

/** Checks the mode of this user's own files, because root may read everything. For other files, asks the system. */
function isReadable(full: string, owner: number, mode: number, user: number | undefined): boolean {
  if (owner === user || user === undefined) return (mode & 0o400) !== 0;
  try {
    accessSync(pathToBytes(full), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The mode bits that a cache keeps. */
export function modeBits(kind: Kind): number {
  return kind === 'file' ? 0o777 : 0o7777;
}

export function kindOf(stats: Stats | BigIntStats): Kind | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : undefined;
}

export function totalsOf(items: readonly Item[]): Totals {
  let [files, bytes] = [0, 0];
  for (const { kind, size } of items) {
    if (kind === 'file') files += 1;
    bytes += size;
  }
  return { files, bytes };
}

/** One line of an inventory. */
export type Row = [
  kind: Kind,
  path: string,
  mode: number,
  size: number,
  modified: number,
  inode: number,
  changed: number,
  more: string,
];

/** Writes one item per line, so that a damaged line can be recognised. */
export function writeInventory(items: readonly Item[]): string {
  return items
    .map(({ path, kind, mode, size, modified, inode, changed, link, sha256 }) =>
      JSON.stringify([kind, path, mode, size, modified, inode, changed, link ?? sha256 ?? '']),
    )
    .join('\n');
}

/**
 * Reads an inventory line by line without trusting it. Like an archive, it cannot name anything outside of its tree, or
 * contain more than fits into memory.
 * @param rule where symlinks may lead; `undefined`: anywhere
 * @throws UnsafeArchive; Error if it is damaged, or from the file system
 */
export function readInventory(path: string, rule?: LinkRule): Inventory {
  return parseInventory(readLines(path), rule);
}

/** Like `readInventory`, for lines that were read already. */
export function parseInventory(all: Iterable<string>, rule?: LinkRule): Inventory {
  const check = checkInOrder(openBudget({ maxBytes: Number.MAX_SAFE_INTEGER }), rule);
  const items: Inventory = [];
  for (const lines of all) {
    for (const row of parseLines(lines)) {
      const item = itemIn(row);
      check(item);
      items.push(item);
    }
  }
  return items;
}

/** Parses lines of an inventory that this user wrote, without checks. */
export function rowsOf(lines: string): Row[] {
  return parseLines(lines) as Row[];
}

/**
 * Parses many lines with one call, which takes half the time. Lines that are not valid JSON on their own are not valid
 * items either.
 */
function parseLines(lines: string): unknown[] {
  try {
    return JSON.parse(`[${lines.replaceAll('\n', ',')}]`) as unknown[];
  } catch {
    throw new Error('The inventory is damaged');
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function itemIn(row: unknown): Item {
  const [kind, path, mode, size, modified, inode, changed, more] = (Array.isArray(row)
    ? row
    : []) as unknown as Row;
  const isValid =
    typeof path === 'string' &&
    typeof more === 'string' &&
    isCount(mode) &&
    isCount(size) &&
    Number.isFinite(modified) &&
    Number.isFinite(inode) &&
    Number.isFinite(changed);
  if (!isValid) throw new Error('The inventory is damaged');
  const item: Item = { path, kind, mode: mode & modeBits(kind), size, modified, inode, changed };
  if (kind === 'link') item.link = more;
  else if (more !== '') item.sha256 = more;
  return item;
}
