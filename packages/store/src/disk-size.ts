import { type StatsFs, statfsSync } from 'node:fs';
import { TreeMismatch } from './copy-file.ts';
import { totalsOf } from './inventory.ts';
import { type Inventory } from './item.ts';

/**
 * Checks that the trees are not larger than their whole disk. A sparse file can claim any size, and reading it would
 * take days.
 * @param folder any folder on that disk
 * @throws TreeMismatch
 */
export function expectFitsDisk(folder: string, inventories: readonly Inventory[]): void {
  const { blocks, bsize } = diskOf(folder);
  const bytes = inventories.reduce((sum, items) => sum + totalsOf(items).bytes, 0);
  // A file system that does not report its size, such as ramfs, has 0 blocks.
  if (blocks > 0 && bytes > blocks * bsize)
    throw new TreeMismatch(`it claims ${bytes} bytes, but its whole disk has ${blocks * bsize}`);
}

/** @throws TreeMismatch if the folder is gone: an entry may be evicted at any time */
function diskOf(folder: string): StatsFs {
  try {
    return statfsSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new TreeMismatch('it was evicted meanwhile');
  }
}
