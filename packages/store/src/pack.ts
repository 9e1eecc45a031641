import { closeSync, openSync, readSync } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { expectKind, NotWhole, readOnly, wayTo } from './copy.ts';
import { type Entry, inventoryIn, type Tree, treeIn } from './entry.ts';
import { hold, plainTree, readTree, type TreeReader } from './held.ts';
import type { Inventory, Item } from './inventory.ts';
import { isShared } from './layout.ts';
import { toBytes, toText } from './names.ts';
import type { Tick } from './progress.ts';

/** The first line of a pack. */
export interface PackHeader {
  pack: 1;
  /** Byte for byte. */
  key: string;
  createdAt: number;
  digests: boolean;
  trees: (Tree & { items: number })[];
}

/** What an item's line holds: kind, path, mode, size, time, and a link's way or a file's digest. */
export type PackRow = [Item['kind'], string, number, number, number, string];

const piece = 1 << 18;

/**
 * Writes an entry as one stream, for other machines: a line that describes it; for each tree a line for each item, followed by
 * a file's bytes; and a last line, `end`, so that a stream that was cut off is seen. Paths are relative to the trees' roots, and
 * the roots are named by `place`, so that no folder of this machine is in it. It needs no program, on any platform.
 * @throws NotWhole when the entry is not what it says; Error from the file system or the stream
 */
export async function writePack(entry: Entry, out: Writable, tick?: Tick): Promise<void> {
  const { store, folder, metadata } = entry;
  const inventories = metadata.trees.map((_tree, index) => inventoryIn(folder, index));
  const header: PackHeader = {
    pack: 1,
    key: metadata.key,
    createdAt: metadata.createdAt,
    digests: metadata.digests,
    trees: metadata.trees.map((tree, index) => ({ ...tree, items: inventories[index]?.length ?? 0 })),
  };
  const send = sender(out);
  await send(Buffer.from(`${JSON.stringify(header)}\n`));
  const held = store === undefined ? { path: folder, close: () => undefined } : hold(store, folder);
  try {
    for (const [index, items] of inventories.entries()) {
      const root = treeIn(held.path, index);
      const tree = store !== undefined && isShared(store) ? readTree(root) : plainTree(root);
      try {
        await sendTree(tree, items, { isLink: store?.temporary === true, send, tick });
      } finally {
        tree.close();
      }
    }
  } finally {
    held.close();
  }
  await send(Buffer.from('end\n'), true);
  out.end();
}

/** @param how.isLink the tree is a link to what was saved */
async function sendTree(
  tree: TreeReader,
  items: Inventory,
  { isLink, send, tick }: { isLink: boolean; send: Send; tick: Tick | undefined },
): Promise<void> {
  for (const item of items) {
    const path = wayTo(tree, item);
    // A link in the place of a folder would lead to files of whoever packs.
    if (item.kind === 'directory' && !(isLink && item.path === '')) expectKind(path, item);
    await send(Buffer.from(`${JSON.stringify(rowOf(item))}\n`));
    if (item.kind === 'file') await sendFile(path, item, send);
    tick?.(1, item.size);
  }
}

function rowOf({ kind, path, mode, size, modified, link, sha256 }: Item): PackRow {
  return [kind, path, mode, size, modified, link ?? sha256 ?? ''];
}

type Send = (bytes: Buffer, last?: boolean) => Promise<void>;

/** Joins small pieces, since a stream costs more for each than for its bytes. */
function sender(out: Writable): Send {
  let parts: Buffer[] = [];
  let length = 0;
  return async (bytes, last = false) => {
    parts.push(bytes);
    length += bytes.length;
    if (length < piece && !last) return;
    const joined = parts.length === 1 ? bytes : Buffer.concat(parts);
    parts = [];
    length = 0;
    if (!out.write(joined)) await once(out, 'drain');
  };
}

async function sendFile(path: string, { size, path: name }: Item, send: Send): Promise<void> {
  let file: number;
  try {
    file = openSync(toBytes(path), readOnly);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NotWhole(`${toText(name)} is missing`);
  }
  try {
    for (let sent = 0; sent < size;) {
      const part = Buffer.allocUnsafe(Math.min(piece, size - sent));
      const read = readSync(file, part);
      if (read === 0) throw new NotWhole(`${toText(name)} has ${sent} bytes, not ${size}`);
      await send(part.subarray(0, read));
      sent += read;
    }
  } finally {
    closeSync(file);
  }
}
