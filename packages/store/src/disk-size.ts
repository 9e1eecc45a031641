import { type StatsFs, statfsSync } from 'node:fs';
import { TreeMismatch } from './copy-file.ts';
import { totalsOf } from './inventory.ts';
import { type Inventory } from './item.ts';

/**
 * That trees are no larger than the whole disk that they are on: holes in a file can claim any size, and would be read for days.
 * @param folder on that disk
 * @throws TreeMismatch
 */
export function expectFitsDisk(folder: string, inventories: readonly Inventory[]): void {
  const { blocks, bsize } = diskOf(folder);
  const bytes = inventories.reduce((sum, items) => sum + totalsOf(items).bytes, 0);
  // A file system that does not say, such as ramfs, has 0 blocks.
  if (blocks > 0 && bytes > blocks * bsize)
    throw new TreeMismatch(`it claims ${bytes} bytes, and its whole disk has ${blocks * bsize}`);
}

/** @throws TreeMismatch where the folder is gone: an entry may be evicted at any time */
function diskOf(folder: string): StatsFs {
  try {
    return statfsSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new TreeMismatch('it was evicted meanwhile');
  }
}
