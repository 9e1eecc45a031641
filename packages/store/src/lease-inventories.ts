import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { treePath, writeInventories } from './entry.ts';
import { takeInventory } from './inventory.ts';
import { type Inventory } from './item.ts';
import type { OnProgress } from './progress.ts';
import { readLines } from './records.ts';

/** Maximum bytes of an inventory with as many files as an entry may have. */
const maxInventoryBytes = 2 ** 30;

/**
 * Writes the inventories of a new copy in a lease's folder, with the digests of the entry's inventories.
 * @returns as `writeLeaseInventories`
 */
export function writeCopyInventories(
  lease: string,
  entryInventories: readonly Inventory[],
  tick?: OnProgress,
): string[] {
  const inventories = entryInventories.map((entryInventory, index) => {
    const items = takeInventory(treePath(lease, index), { tick });
    const digests = new Map(entryInventory.map(({ path, sha256 }) => [path, sha256]));
    for (const item of items) {
      const sha256 = digests.get(item.path);
      if (sha256 !== undefined) item.sha256 = sha256;
    }
    return items;
  });
  return writeLeaseInventories(lease, inventories);
}

/**
 * Writes the inventories of a lease's trees.
 * @returns their SHA-256 digests
 */
export function writeLeaseInventories(lease: string, inventories: readonly Inventory[]): string[] {
  return writeInventories(lease, inventories).map((text) => createHash('sha256').update(text).digest('hex'));
}

/**
 * Reads the inventories of a lease's trees, many lines per string. Returns `undefined` if their digests differ from
 * those in the lease.
 */
export function readLeaseInventories(lease: string, digests: readonly string[]): string[][] | undefined {
  try {
    return digests.map((wanted, index) => {
      const hash = createHash('sha256');
      let rest = maxInventoryBytes;
      const all: string[] = [];
      for (const lines of readLines(join(lease, `inventory-${index}`), hash)) {
        rest -= lines.length;
        if (rest < 0) throw new Error('The inventory is larger than any that is noted');
        all.push(lines);
      }
      if (hash.digest('hex') !== wanted) throw new Error('The inventory is another one');
      return all;
    });
  } catch {
    return undefined;
  }
}
