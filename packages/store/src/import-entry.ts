import { lstatSync } from 'node:fs';
import { entryFolder, treePath } from './entry.ts';
import { openSafeFolder, withSafePaths } from './safe-paths.ts';
import type { Space } from './space.ts';
import { takeInventory } from './inventory.ts';
import { requireWritable } from './layout.ts';
import { type Store } from './store.ts';
import { isTaken, publishTrees } from './save.ts';
import { type Origin, type SaveOptions } from './save-options.ts';
import { dropStaging, makeStaging } from './staging.ts';
import { maxTrees } from './tree-writer.ts';
import { digestItems } from './verify.ts';

/** What is put into a folder of the store: what its trees are for, and how long GitHub took for it, where it came from there. */
export interface Filled {
  trees: readonly Origin[];
  githubMilliseconds?: number;
  /** When it was saved there, in milliseconds since the epoch, where that is known. */
  createdAt?: number;
}

/**
 * Makes an entry of what `fill` puts into a folder of the store: for what comes from another level.
 * @param fill makes `tree-0`, … in the folder, and answers what they are for
 * @returns `exists` when another job was faster
 * @throws what `fill` throws, and Error for trees that are none, too many, or not there; nothing is left then
 */
export async function importEntry(
  store: Store,
  space: Space,
  key: string,
  options: SaveOptions,
  fill: (folder: string) => Promise<Filled>,
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
    dropStaging(staging);
  }
}

function expectTrees(folder: string, count: number): void {
  if (count === 0 || count > maxTrees) throw new Error(`it has ${count} trees`);
  for (let index = 0; index < count; index += 1)
    if (lstatSync(treePath(folder, index), { throwIfNoEntry: false }) === undefined)
      throw new Error('it has a tree that is not there');
}
