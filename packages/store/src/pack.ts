import { closeSync, openSync, readSync } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { expectKind, TreeMismatch, readOnly } from './copy-file.ts';
import { pathOfItem } from './copy.ts';
import { type Entry, readInventoryOf, type Tree, treePath } from './entry.ts';
import { openSafeFolder, plainTreeReader, safeTreeReader, type TreeReader } from './safe-paths.ts';
import type { Inventory, Item } from './item.ts';
import { isShared } from './store.ts';
import { pathToBytes, pathToText } from './byte-paths.ts';
import type { OnProgress } from './progress.ts';

/** The first line of a pack. */
export interface PackHeader {
  pack: 1;
  /** The key, byte for byte. */
  key: string;
  createdAt: number;
  digests: boolean;
  trees: (Tree & { items: number })[];
}

/** The line of an item: kind, path, mode, size, time, and a symlink's target or a file's digest. */
export type PackRow = [Item['kind'], string, number, number, number, string];

const chunkSize = 1 << 18;

/** Converts the items of an entry to a stream. */
export interface PackFormat {
  begin?(header: PackHeader): Uint8Array;
  /**
   * Returns the bytes before a file's content; for other items, all bytes.
   * @param place of its tree
   */
  item(item: Item, place: Tree['place']): Uint8Array;
  /** Returns the bytes after a file's content. */
  after?(item: Item): Uint8Array;
  end(): Uint8Array;
}

const packFormat: PackFormat = {
  begin: (header) => Buffer.from(`${JSON.stringify(header)}\n`),
  item: ({ kind, path, mode, size, modified, link, sha256 }) => {
    const row: PackRow = [kind, path, mode, size, modified, link ?? sha256 ?? ''];
    return Buffer.from(`${JSON.stringify(row)}\n`);
  },
  end: () => Buffer.from('end\n'),
};

/**
 * Writes an entry as one stream (a pack) for other machines. No program is needed, on any platform. A pack consists of:
 * - a line with the header;
 * - for each tree, a line per item, followed by the content of a file;
 * - a last line, `end`, to detect a stream that was cut off.
 * Paths are relative to the tree, and the tree is named by its `place`: a pack contains no folder of this machine.
 * @param format another format than the pack's
 * @throws TreeMismatch if the entry is damaged; Error from the file system or the stream
 */
export async function writePack(
  entry: Entry,
  out: Writable,
  tick?: OnProgress,
  format: PackFormat = packFormat,
): Promise<void> {
  const { store, folder, metadata } = entry;
  const inventories = metadata.trees.map((_tree, index) => readInventoryOf(folder, index));
  const header: PackHeader = {
    pack: 1,
    key: metadata.key,
    createdAt: metadata.createdAt,
    digests: metadata.digests,
    trees: metadata.trees.map((tree, index) => ({ ...tree, items: inventories[index]?.length ?? 0 })),
  };
  const send = sender(out);
  if (format.begin !== undefined) await send(format.begin(header));
  const held = store === undefined ? { path: folder, close: () => undefined } : openSafeFolder(store, folder);
  try {
    for (const [index, { place }] of metadata.trees.entries()) {
      const root = treePath(held.path, index);
      const tree = store !== undefined && isShared(store) ? safeTreeReader(root) : plainTreeReader(root);
      try {
        const isLink = store?.temporary === true;
        await sendTree(tree, inventories[index] ?? [], { isLink, send, tick, format, place });
      } finally {
        tree.close();
      }
    }
  } finally {
    held.close();
  }
  await send(format.end(), true);
  out.end();
}

interface Sending {
  /** The tree is a symlink to the saved path. */
  isLink: boolean;
  send: Send;
  tick: OnProgress | undefined;
  format: PackFormat;
  place: Tree['place'];
}

async function sendTree(
  tree: TreeReader,
  items: Inventory,
  { isLink, send, tick, format, place }: Sending,
): Promise<void> {
  for (const item of items) {
    const path = pathOfItem(tree, item);
    // A symlink in place of a folder would lead to files of the user who packs.
    if (item.kind === 'directory' && !(isLink && item.path === '')) expectKind(path, item);
    await send(format.item(item, place));
    if (item.kind === 'file') {
      await sendFile(path, item, send);
      if (format.after !== undefined) await send(format.after(item));
    }
    tick?.(1, item.size);
  }
}

type Send = (bytes: Uint8Array, last?: boolean) => Promise<void>;

/** Joins small chunks: a stream costs more per chunk than per byte. */
function sender(out: Writable): Send {
  let parts: Uint8Array[] = [];
  let length = 0;
  return async (bytes, last = false) => {
    parts.push(bytes);
    length += bytes.length;
    if (length < chunkSize && !last) return;
    const joined = parts.length === 1 ? bytes : Buffer.concat(parts);
    parts = [];
    length = 0;
    if (!out.write(joined)) await once(out, 'drain');
  };
}

async function sendFile(path: string, { size, path: name }: Item, send: Send): Promise<void> {
  let file: number;
  try {
    file = openSync(pathToBytes(path), readOnly);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new TreeMismatch(`${pathToText(name)} is missing`);
  }
  try {
    for (let sent = 0; sent < size;) {
      const part = Buffer.allocUnsafe(Math.min(chunkSize, size - sent));
      const read = readSync(file, part);
      if (read === 0) throw new TreeMismatch(`${pathToText(name)} has ${sent} bytes, not ${size}`);
      await send(part.subarray(0, read));
      sent += read;
    }
  } finally {
    closeSync(file);
  }
}
