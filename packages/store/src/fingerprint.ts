import { createHash } from 'node:crypto';
import { type Entry, readInventoryOf } from './entry.ts';
import type { Inventory } from './item.ts';

/**
 * Computes the fingerprint of an entry's trees again from the inventories. The one in `entry.json` cannot be trusted.
 * @throws Error if an inventory cannot be read
 */
export function computeFingerprint({ folder, metadata }: Entry): string {
  return fingerprintOf(metadata.trees.map((_tree, index) => readInventoryOf(folder, index)));
}

/** Characters that are hashed at once: one call per item is slower. */
const chunkSize = 1 << 16;

/** Returns a digest of the contents of the trees that does not depend on the machine. */
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
