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
import { below, fromBytes, toBytes, toPath, toText } from './byte-paths.ts';
import { isLeftoverName } from './probe.ts';
import { readLines } from './records.ts';
import { checkInOrder, type LinkRule, openBudget } from './check-items.ts';
import type { Tick } from './progress.ts';
import { millisecondsOf, notLaterThan } from './times.ts';
import { mountsAt } from './mount-points.ts';

interface Totals {
  files: number;
  bytes: number;
}

/** Takes what a cache cannot hold: its path below the root, a character for each byte, and why. */
export type Skip = (path: string, why: string) => void;

export interface InventoryOptions {
  tick?: Tick | undefined;
  /** Takes what cannot be held, which is then left out. Without it, that is an error. The root itself always is. */
  skip?: Skip | undefined;
  /** Bytes that a path below the root may have; longer ones could not be copied. */
  longest?: number | undefined;
  /** Whose all must be: another user's cannot be held. */
  owner?: number | undefined;
}

/**
 * Looks at a tree, links not followed, and nothing that is mounted in it.
 * @throws Error from the file system; `NotCacheable` for what no cache can hold, unless it is skipped
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
      device ??= lstatSync(toBytes(root)).dev;
      const item = readItem(full, path, { device, owner, user });
      const names = item.kind === 'directory' ? readdirSync(toPath(full), { encoding: 'latin1' }) : [];
      items.push(item);
      // What another restore stages there is no part of the tree.
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

/** What no cache can hold: sockets, pipes and devices, what cannot be read or changes meanwhile, what is mounted. */
export class NotCacheable extends Error {
  override readonly name = 'NotCacheable';
  readonly why: string;

  constructor(full: string, why: string) {
    super(`${toText(full)} cannot be cached: ${why}`);
    this.why = why;
  }
}

/** An error of looking at `full` or reading it, as what keeps it out of a cache; `undefined`: it is of another kind. */
export function toNotCacheable(full: string, error: unknown): NotCacheable | undefined {
  if (error instanceof NotCacheable) return error;
  const reasons: Record<string, string> = {
    EACCES: 'it may not be read',
    EPERM: 'it may not be read',
    ENOENT: 'it went away meanwhile',
    ENOTDIR: 'it went away meanwhile',
    ENAMETOOLONG: 'its path is too long',
    EIO: 'the disk says: EIO, input/output error',
    ESTALE: 'the disk says: ESTALE, stale file handle',
  };
  const { code = '', errno } = error as NodeJS.ErrnoException;
  // Node has no name for it.
  const why = reasons[errno === -system.errno.ESTALE ? 'ESTALE' : code];
  return why === undefined ? undefined : new NotCacheable(full, why);
}

/**
 * What stands at `full`, as an item of a tree.
 * @param of.device of the tree: what is on another one is mounted there, or a part of its own of the file system
 * @param of.owner whose it must be
 * @param of.user who looks, where that is known
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
    throw new NotCacheable(full, 'it is another user’s');
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
  if (kind === 'link') item.link = fromBytes(readlinkSync(toBytes(full), { encoding: 'buffer' }));
  return item;
}

/** A user's own file by its mode, since root may read all; another's by asking. */
function isReadable(full: string, owner: number, mode: number, user: number | undefined): boolean {
  if (owner === user || user === undefined) return (mode & 0o400) !== 0;
  try {
    accessSync(toBytes(full), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The bits of a mode that a cache keeps. */
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

/** A line of an inventory. */
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

/** One item a line, so that a damaged line is found as such. */
export function writeInventory(items: readonly Item[]): string {
  return items
    .map(({ path, kind, mode, size, modified, inode, changed, link, sha256 }) =>
      JSON.stringify([kind, path, mode, size, modified, inode, changed, link ?? sha256 ?? '']),
    )
    .join('\n');
}

/**
 * Reads what `writeInventory` wrote to a file, line by line, and believes none of it: as an archive, it names nothing outside of its
 * tree, and has no more than fits into memory.
 * @param rule where links may lead; `undefined`: anywhere
 * @throws UnsafeArchive; Error when it is damaged, or from the file system
 */
export function readInventory(path: string, rule?: LinkRule): Inventory {
  return parseInventory(readLines(path), rule);
}

/** The same of what was read already. */
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

/** What lines of an inventory of our own say, believed as it stands. */
export function rowsOf(lines: string): Row[] {
  return parseLines(lines) as Row[];
}

/** By one call for many lines, which takes half the time. Lines that are none by themselves are no rows either. */
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
  const isOne =
    typeof path === 'string' &&
    typeof more === 'string' &&
    isCount(mode) &&
    isCount(size) &&
    Number.isFinite(modified) &&
    Number.isFinite(inode) &&
    Number.isFinite(changed);
  if (!isOne) throw new Error('The inventory is damaged');
  const item: Item = { path, kind, mode: mode & modeBits(kind), size, modified, inode, changed };
  if (kind === 'link') item.link = more;
  else if (more !== '') item.sha256 = more;
  return item;
}
