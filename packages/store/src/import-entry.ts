import { lstatSync } from 'node:fs';
import { entryFolder, treePath } from './entry.ts';
import { openSafeFolder, withSafePaths } from './safe-paths.ts';
import type { Space } from './space.ts';
import { takeInventory } from './inventory.ts';
import { requireWritable } from './layout.ts';
import { type Store } from './store.ts';
import { isTaken, publishTrees } from './save.ts';
import { type Origin, type SaveOptions } from './save-options.ts';
import { removeStagingFolder, makeStaging } from './staging.ts';
import { maxTrees } from './tree-writer.ts';
import { digestItems } from './verify.ts';

/**
 * The result of `fill`: which paths the trees belong to, and how long the download from GitHub took, if it came from
 * there.
 */
export interface ImportedTrees {
  trees: readonly Origin[];
  githubMilliseconds?: number;
  /** When the entry was saved there, in milliseconds since the epoch, if known. */
  createdAt?: number;
}

/**
 * Creates an entry from trees that `fill` writes to a folder of the store: for downloads from another level.
 * @param fill creates `tree-0`, … in the folder and returns what they are
 * @returns `exists` if another job saved the entry first
 * @throws what `fill` throws; Error if there are no trees, too many, or one is missing. Nothing is left then.
 */
export async function importEntry(
  store: Store,
  space: Space,
  key: string,
  options: SaveOptions,
  fill: (folder: string) => Promise<ImportedTrees>,
): Promise<'saved' | 'exists'> {
  requireWritable(store);
  const staging = makeStaging(store);
  const { path, close } = openSafeFolder(store, staging);
  try {
    const { trees, ...known } = await fill(path);
    expectTrees(path, trees.length);
    const inventories = trees.map((_tree, index) => takeInventory(treePath(path, index)));
    if (options.digests === true)
      for (const [index, items] of inventories.entries())
        digestItems(treePath(path, index), items, options.tick);
    if (isTaken(store, entryFolder(store, space, key), options)) return 'exists';
    const made = { space, key, origins: trees, inventories, options: { ...options, ...known } };
    return withSafePaths(() => publishTrees(store, staging, made));
  } finally {
    close();
    removeStagingFolder(staging);
  }
}

function expectTrees(folder: string, count: number): void {
  if (count === 0 || count > maxTrees) throw new Error(`it has ${count} trees`);
  for (let index = 0; index < count; index += 1)
    if (lstatSync(treePath(folder, index), { throwIfNoEntry: false }) === undefined)
      throw new Error('one of its trees is missing');
}
