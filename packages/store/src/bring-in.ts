import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, lstatSync, renameSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { copyItems, finishDirectories } from './copy.ts';
import {
  CannotHold,
  type Inventory,
  type InventoryOptions,
  type Item,
  lookAt,
  takeInventory,
} from './inventory.ts';
import type { Store } from './layout.ts';
import { below, parentOf, toBytes, toText } from './names.ts';
import { canReflink } from './probe.ts';
import type { SaveOptions } from './save.ts';
import { renameTree } from './swap.ts';
import { settable } from './times.ts';
import { digestItems } from './verify.ts';

/** What the folders of an entry, a lease or a ready copy add to the store's own path, and more than that. */
const ownPart = 400;
/** Source: PATH_MAX of Linux, with its zero at the end. */
const longestPath = 4095;

/**
 * Brings what is at `path` into the store as `tree`, and describes it.
 * @param taken where trees were that were taken away, and where they are now: added to
 * @throws Error from the file system; CannotHold
 */
export function bringIn(
  store: Store,
  path: string,
  tree: string,
  options: SaveOptions,
  taken: [from: string, to: string][],
): Inventory {
  const { move = false, inPlace = false, digests = false, tick } = options;
  const longest = longestPath - ownPart - store.root.length;
  const skip =
    options.skip && ((item: string, why: string) => options.skip?.(toText(below(path, item)), why));
  const items =
    (move ? takeIn(path, tree, { tick, longest }, taken) : undefined) ??
    (inPlace && isFolder(path) ? linkIn(path, tree, { tick, skip, longest }) : undefined) ??
    copyIn(path, tree, { tick, skip, longest });
  if (digests) digestItems(tree, items, tick);
  return items;
}

/** By a rename. `undefined` where that cannot be, or would take something away that is not saved then. */
function takeIn(
  path: string,
  tree: string,
  options: InventoryOptions,
  taken: [from: string, to: string][],
): Inventory | undefined {
  if (!rename(path, tree)) return undefined;
  taken.push([path, tree]);
  try {
    const items = takeInventory(tree, options);
    separate(tree, items);
    return items;
  } catch (error) {
    if (!(error instanceof CannotHold)) throw error;
    renameTree(tree, path);
    taken.pop();
    return undefined;
  }
}

function linkIn(path: string, tree: string, options: InventoryOptions): Inventory {
  symlinkSync(toBytes(path), toBytes(tree));
  return takeInventory(path, options);
}

function copyIn(path: string, tree: string, options: InventoryOptions): Inventory {
  const items = takeInventory(path, options);
  const first = items.find(({ kind, size }) => kind === 'file' && size > 0);
  const method =
    first !== undefined && canReflink(below(path, first.path), dirname(tree)) ? 'reflink' : 'copy';
  // Sizes are compared while files are read; that they are what they were a moment ago need not be asked.
  copyItems(path, tree, items, { tick: options.tick, methodOf: () => method, verify: 'off' });
  return takeInventory(tree);
}

function isFolder(path: string): boolean {
  return lstatSync(toBytes(path)).isDirectory();
}

/** False where that cannot be. */
function rename(from: string, to: string): boolean {
  try {
    renameTree(from, to);
    return true;
  } catch (error) {
    // Another file system, something mounted in it, or a folder that may not be written: what can be read can be copied.
    if (['EXDEV', 'EBUSY', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return false;
    throw error;
  }
}

/** Gives files with further names (pnpm links its store into projects) a content of their own: whoever has the other name could change it. */
function separate(tree: string, items: Inventory): void {
  const touched = new Set<string>();
  for (const item of items.filter(({ names }) => names !== undefined)) {
    const full = below(tree, item.path);
    const folder = parentOf(full);
    if (item.path !== '') {
      chmodSync(toBytes(folder), 0o700);
      touched.add(parentOf(item.path));
    }
    const draft = below(folder, `.runner-actions-${randomUUID()}`);
    copyFileSync(toBytes(full), toBytes(draft));
    chmodSync(toBytes(draft), item.mode);
    utimesSync(toBytes(draft), settable(item.modified), settable(item.modified));
    renameSync(toBytes(draft), toBytes(full));
    const { inode, changed, modified } = lookAt(full, item.path);
    Object.assign(item, { inode, changed, modified });
  }
  finishDirectories(
    tree,
    items.filter(({ path, kind }: Item) => kind === 'directory' && touched.has(path)),
  );
}
