import { accessSync, constants, lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { below, fromBytes, toBytes, toText } from './names.ts';
import type { Tick } from './progress.ts';

export type Kind = 'file' | 'directory' | 'link';

/** One file, folder or link of a tree. */
export interface Item {
  /** Below the tree's root, a character for each byte; empty: the root itself. */
  path: string;
  kind: Kind;
  /** Permission bits, setuid and the like included. */
  mode: number;
  /** Bytes of a file; 0 for others. */
  size: number;
  /** Milliseconds since the epoch, with their fraction. */
  modified: number;
  inode: number;
  /** When the inode changed last: only root or the clock can forge it. */
  changed: number;
  /** Where a link leads; a character for each byte. */
  link?: string;
  /** Of a file's content, in hexadecimal digits. */
  sha256?: string;
  /** Of a file that has further names (hard links): how many. Seen, not written. */
  names?: number;
}

/** All of a tree, each folder before what is in it, in one order on every disk. */
export type Inventory = Item[];

export interface Totals {
  files: number;
  bytes: number;
}

/**
 * Looks at a tree, links not followed.
 * @throws Error from the file system; Error for sockets, pipes and devices, which no cache can hold, and for files that
 * their owner may not read
 */
export function takeInventory(root: string, tick?: Tick): Inventory {
  const items: Inventory = [];
  const open = [''];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const full = below(root, path);
    const item = lookAt(full, path);
    items.push(item);
    tick?.(1, 0);
    if (item.kind !== 'directory') continue;
    const names = readdirSync(toBytes(full), { encoding: 'latin1' }).sort();
    for (const name of names.reverse()) open.push(below(path, name));
  }
  return items;
}

/** What stands at `full`, as an item of a tree. */
export function lookAt(full: string, path: string): Item {
  return itemOf(full, path, lstatSync(toBytes(full)));
}

function itemOf(full: string, path: string, stats: Stats): Item {
  const kind = kindOf(stats);
  if (kind === undefined)
    throw new Error(`${toText(full)} is a socket, a pipe or a device, which a cache cannot hold`);
  if (kind !== 'link' && !isReadable(full, stats))
    throw new Error(`${toText(full)} may not be read (mode ${(stats.mode & 0o777).toString(8)}): chmod u+r`);
  const item: Item = {
    path,
    kind,
    mode: stats.mode & 0o7777,
    size: kind === 'file' ? stats.size : 0,
    modified: stats.mtimeMs,
    inode: stats.ino,
    changed: stats.ctimeMs,
  };
  if (kind === 'file' && stats.nlink > 1) item.names = stats.nlink;
  if (kind === 'link') item.link = fromBytes(readlinkSync(toBytes(full), { encoding: 'buffer' }));
  return item;
}

/** A user's own file by its mode, since root may read all; another's by asking. */
function isReadable(full: string, stats: Stats): boolean {
  if (stats.uid === process.getuid?.() || process.getuid === undefined) return (stats.mode & 0o400) !== 0;
  try {
    accessSync(toBytes(full), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

export function kindOf(stats: Stats): Kind | undefined {
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

type Row = [Kind, string, number, number, number, number, number, string?, string?];

/** One item a line, so that a damaged line is found as such. */
export function writeInventory(items: readonly Item[]): string {
  return items
    .map(({ path, kind, mode, size, modified, inode, changed, link, sha256 }) =>
      JSON.stringify([kind, path, mode, size, modified, inode, changed, link ?? sha256 ?? '']),
    )
    .join('\n');
}

/** @throws Error when it is not what `writeInventory` wrote */
export function readInventory(text: string): Inventory {
  return text.split('\n').map((line) => {
    const row = JSON.parse(line) as Row;
    const [kind, path, mode, size, modified, inode, changed, more] = row;
    if (row.length !== 8 || typeof path !== 'string' || typeof mode !== 'number')
      throw new Error('The inventory is damaged');
    const item: Item = { path, kind, mode, size, modified, inode, changed };
    if (kind === 'link') item.link = more ?? '';
    else if (more !== undefined && more !== '') item.sha256 = more;
    return item;
  });
}
