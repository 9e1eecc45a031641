import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  futimesSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { finishDirectories } from './copy.ts';
import { treeIn } from './entry.ts';
import type { Item } from './inventory.ts';
import { below, toBytes, toText } from './names.ts';
import type { PackHeader, PackRow } from './pack.ts';
import type { Tick } from './progress.ts';
import { settable } from './times.ts';
import { checkItems, type LinkRule, type Limits, openBudget, UnsafeArchive } from './safe-items.ts';

/** Longer than any path can be: what has no line end by then is no pack. */
const longestLine = 1 << 20;
/** Of an entry from elsewhere: more than the first line of a pack that `writePack` wrote has room for. */
export const mostTrees = 20_000;

export interface UnpackOptions {
  limits: Limits;
  /** Where links of a tree may lead. */
  linksOf: (place: { path: number; below: string }) => LinkRule;
  tick?: Tick;
}

/**
 * Unpacks what `writePack` wrote into `folder`, a tree each. The stream comes from elsewhere: every item is checked before it is made.
 * @throws UnsafeArchive; Error when it is cut off or damaged; Error from the file system
 */
export async function readPack(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  { limits, linksOf, tick }: UnpackOptions,
): Promise<PackHeader> {
  const reader = readerOf(source);
  const header = parseHeader(await reader.line());
  const budget = openBudget(limits);
  for (const [index, { items: count, place }] of header.trees.entries()) {
    const check = checkItems(budget, linksOf(place));
    const root = treeIn(folder, index);
    const items: Item[] = [];
    for (let made = 0; made < count; made += 1) {
      const item = parseItem(await reader.line());
      check(item);
      await make(root, item, reader);
      if (item.kind === 'directory') items.push(item);
      tick?.(1, item.size);
    }
    finishDirectories(root, items);
  }
  if ((await reader.line()) !== 'end') throw new Error('The archive is cut off');
  await reader.end();
  return header;
}

/** Reads only what describes a pack. */
export async function readPackHeader(source: AsyncIterable<Uint8Array>): Promise<PackHeader> {
  return parseHeader(await readerOf(source).line());
}

function parseHeader(line: string): PackHeader {
  const header = parse(line) as PackHeader;
  const isOne =
    header?.pack === 1 &&
    typeof header.key === 'string' &&
    Array.isArray(header.trees) &&
    header.trees.length <= mostTrees &&
    header.trees.every(isTree);
  if (!isOne) throw new Error('The archive is not one of Runner Actions');
  return header;
}

function isTree(tree: PackHeader['trees'][number] | null): boolean {
  const { place, items = 0, from } = tree ?? {};
  return (
    (from === undefined || typeof from === 'string') &&
    Number.isInteger(place?.path) &&
    typeof place?.below === 'string' &&
    Number.isInteger(items) &&
    items > 0
  );
}

function parseItem(line: string): Item {
  const row = parse(line) as PackRow;
  const [kind, path, mode, size, modified, more] = row;
  const isOne =
    Array.isArray(row) &&
    typeof path === 'string' &&
    typeof more === 'string' &&
    [mode, size].every((value) => Number.isSafeInteger(value) && value >= 0) &&
    Number.isFinite(modified);
  if (!isOne) throw new UnsafeArchive(`${line.slice(0, 80)} describes no file`);
  const item: Item = { path, kind, mode, size: kind === 'file' ? size : 0, modified, inode: 0, changed: 0 };
  if (kind === 'link') item.link = more;
  else if (more !== '') item.sha256 = more;
  return item;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error('The archive is damaged');
  }
}

async function make(root: string, item: Item, reader: Reader): Promise<void> {
  const path = toBytes(below(root, item.path));
  const time = settable(item.modified);
  if (item.kind === 'directory') return mkdirSync(path, { mode: 0o700 }) as undefined;
  if (item.kind === 'link') {
    symlinkSync(toBytes(item.link ?? ''), path);
    return lutimesSync(path, time, time);
  }
  const hash: Hash | undefined = item.sha256 === undefined ? undefined : createHash('sha256');
  const file = openSync(path, 'wx', 0o600);
  try {
    await reader.bytes(item.size, (part) => {
      hash?.update(part);
      for (let at = 0; at < part.length;) at += writeSync(file, part, at);
    });
    fchmodSync(file, item.mode | 0o400);
    futimesSync(file, time, time);
  } finally {
    closeSync(file);
  }
  if (hash !== undefined && hash.digest('hex') !== item.sha256)
    throw new Error(`The archive is damaged: ${toText(item.path)} has other content than was saved`);
}

interface Reader {
  line(): Promise<string>;
  bytes(count: number, take: (part: Uint8Array) => void): Promise<void>;
  /** @throws Error where there is more, or what is there is damaged */
  end(): Promise<void>;
}

function readerOf(source: AsyncIterable<Uint8Array>): Reader {
  const parts = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const more = async (): Promise<void> => {
    const next = await parts.next();
    if (next.done === true) throw new Error('The archive is cut off');
    rest = next.value;
  };
  return {
    async line() {
      const pieces: Uint8Array[] = [];
      for (let length = 0; ; length += rest.length, pieces.push(rest), await more()) {
        const end = rest.indexOf(10);
        if (end === -1) {
          if (length > longestLine) throw new Error('The archive is not one of Runner Actions');
          continue;
        }
        pieces.push(rest.subarray(0, end));
        rest = rest.subarray(end + 1);
        return Buffer.concat(pieces).toString();
      }
    },
    async bytes(count, take) {
      for (let left = count; left > 0;) {
        if (rest.length === 0) await more();
        const part = rest.subarray(0, left);
        take(part);
        left -= part.length;
        rest = rest.subarray(part.length);
      }
    },
    async end() {
      while (rest.length === 0) {
        const next = await parts.next();
        if (next.done === true) return;
        rest = next.value;
      }
      throw new Error('The archive goes on after its end');
    },
  };
}
