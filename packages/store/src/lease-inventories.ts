import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { treePath, writeInventories } from './entry.ts';
import { takeInventory } from './inventory.ts';
import { type Inventory } from './item.ts';
import type { Tick } from './progress.ts';
import { readLines } from './records.ts';

/** Bytes of an inventory of as many files as an entry may have. */
const maxInventoryBytes = 2 ** 30;

/**
 * Notes what a copy is like that was just made in a lease's folder, with the digests of what it was made from.
 * @returns as `writeLeaseInventories`
 */
export function writeCopyInventories(
  lease: string,
  entryInventories: readonly Inventory[],
  tick?: Tick,
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

/** Writes the inventories of a lease's trees. @returns their digests */
export function writeLeaseInventories(lease: string, inventories: readonly Inventory[]): string[] {
  return writeInventories(lease, inventories).map((text) => createHash('sha256').update(text).digest('hex'));
}

/** The lines of the inventories of a lease's trees, many at once; `undefined`: they are not those that were noted. */
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
