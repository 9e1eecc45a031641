import type { Item } from './item.ts';
import type { PackHeader, PackRow } from './pack.ts';
import type { OnProgress } from './progress.ts';
import { type LinkRule, type Limits, UnsafeArchive } from './check-items.ts';
import { maxTrees, writeTrees } from './tree-writer.ts';

/** Maximum bytes of a line, longer than any path. A stream without a line end by then is not a pack. */
const longestLine = 1 << 20;

export interface UnpackOptions {
  limits: Limits;
  /** Where the symlinks of a tree may lead. */
  linksOf: (place: { path: number; below: string }) => LinkRule;
  tick?: OnProgress | undefined;
}

/**
 * Unpacks a stream of `writePack` to `folder`, one tree each. The stream comes from elsewhere: every item is checked
 * before it is created.
 * @throws UnsafeArchive; Error if it is cut off or damaged; Error from the file system
 */
export async function readPack(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  { limits, linksOf, tick }: UnpackOptions,
): Promise<PackHeader> {
  const reader = readerOf(source);
  const header = parseHeader(await reader.line());
  return writeTrees(folder, { limits, tick }, async (next) => {
    for (const { items, place } of header.trees) {
      const tree = next(linksOf(place));
      for (let made = 0; made < items; made += 1) {
        const item = parseItem(await reader.line());
        const file = tree.make(item);
        if (file === undefined) continue;
        await reader.bytes(item.size, file.write);
        file.end();
      }
    }
    if ((await reader.line()) !== 'end') throw new Error('The archive is cut off');
    await reader.end();
    return header;
  });
}

/** Reads only the header of a pack. */
export async function readPackHeader(source: AsyncIterable<Uint8Array>): Promise<PackHeader> {
  return parseHeader(await readerOf(source).line());
}

function parseHeader(line: string): PackHeader {
  const header = parse(line) as PackHeader;
  const isValid =
    header?.pack === 1 &&
    typeof header.key === 'string' &&
    Array.isArray(header.trees) &&
    header.trees.length <= maxTrees &&
    header.trees.every(isTree);
  if (!isValid) throw new Error('The archive is not one of Runner Actions');
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
  const isValid =
    Array.isArray(row) &&
    typeof path === 'string' &&
    typeof more === 'string' &&
    [mode, size].every((value) => Number.isSafeInteger(value) && value >= 0) &&
    Number.isFinite(modified);
  if (!isValid) throw new UnsafeArchive(`${line.slice(0, 80)} describes no file`);
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

interface Reader {
  line(): Promise<string>;
  bytes(count: number, take: (part: Uint8Array) => void): Promise<void>;
  /** @throws Error if there is more data, or if it is damaged */
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
      throw new Error('The archive contains data after its end');
    },
  };
}
