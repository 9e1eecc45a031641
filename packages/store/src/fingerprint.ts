import { createHash } from 'node:crypto';
import { type Entry, readInventoryOf } from './entry.ts';
import type { Inventory } from './item.ts';

/** Of what is in an entry's trees, made anew: what the entry says of itself is no witness. @throws Error where it cannot be read */
export function contentOf({ folder, metadata }: Entry): string {
  return fingerprintOf(metadata.trees.map((_tree, index) => readInventoryOf(folder, index)));
}

/** Characters that are hashed at once: a call for each item takes longer. */
const chunkSize = 1 << 16;

/** Of what the trees hold, whatever machine they are on. */
export function fingerprintOf(inventories: readonly Inventory[]): string {
  const hash = createHash('sha256');
  for (const items of inventories) {
    let text = '';
    for (const { kind, path, mode, size, link, sha256 } of items) {
      text += JSON.stringify([kind, path, mode, size, link ?? sha256 ?? '']);
      if (text.length < chunkSize) continue;
      hash.update(text);
      text = '';
    }
    hash.update(`${text}\n`);
  }
  return hash.digest('hex');
}
