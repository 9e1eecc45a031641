import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { treeIn, writeInventories } from './entry.ts';
import { takeInventory } from './inventory.ts';
import { type Inventory } from './item.ts';
import type { Tick } from './progress.ts';
import { linesOf } from './records.ts';

/** Bytes of an inventory of as many files as an entry may have. */
const mostNoted = 2 ** 30;

/**
 * Notes what a copy is like that was just made in a lease's folder, with the digests of what it was made from.
 * @returns as `noteInventories`
 */
export function describeCopy(lease: string, masters: readonly Inventory[], tick?: Tick): string[] {
  const inventories = masters.map((master, index) => {
    const items = takeInventory(treeIn(lease, index), { tick });
    const digests = new Map(master.map(({ path, sha256 }) => [path, sha256]));
    for (const item of items) {
      const sha256 = digests.get(item.path);
      if (sha256 !== undefined) item.sha256 = sha256;
    }
    return items;
  });
  return noteInventories(lease, inventories);
}

/** Writes the inventories of a lease's trees. @returns their digests */
export function noteInventories(lease: string, inventories: readonly Inventory[]): string[] {
  return writeInventories(lease, inventories).map((text) => createHash('sha256').update(text).digest('hex'));
}

/** The lines of the inventories of a lease's trees, many at once; `undefined`: they are not those that were noted. */
export function readNoted(lease: string, digests: readonly string[]): string[][] | undefined {
  try {
    return digests.map((wanted, index) => {
      const hash = createHash('sha256');
      let rest = mostNoted;
      const all: string[] = [];
      for (const lines of linesOf(join(lease, `inventory-${index}`), hash)) {
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
