import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, lstatSync, renameSync, rmSync, type Stats, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { TreeMismatch } from './copy-file.ts';
import { copyItems } from './copy.ts';
import { finishDirectories, finishItem } from './tree-writer.ts';
import { toNotCacheable, type InventoryOptions, readItem, modeBits, takeInventory } from './inventory.ts';
import { type Inventory, type Item } from './item.ts';
import { isShared, type Store } from './store.ts';
import { below, parentOf, pathToBytes, pathToText } from './byte-paths.ts';
import { canReflink } from './probe.ts';
import type { SaveOptions } from './save-options.ts';
import { renameTree } from './swap.ts';
import { isSameTime } from './times.ts';
import { digestItems } from './verify.ts';

/** Bytes that the folders of an entry, a lease or a ready copy add to the store's path, with some reserve. */
const storePathReserve = 400;
/** Source: PATH_MAX of Linux includes a zero byte at the end. */
const longestPath = 4095;

/**
 * Imports the file or folder at `path` into the store as `tree`.
 * @param moved receives the old and new path of each tree that was moved
 * @returns its inventory
 * @throws Error from the file system; NotCacheable for the root
 */
export function importTree(
  store: Store,
  path: string,
  tree: string,
  options: SaveOptions,
  moved: [from: string, to: string][],
): Inventory {
  const { move = false, inPlace = false, digests = false, tick } = options;
  const longest = longestPath - storePathReserve - store.root.length;
  const skip =
    options.skip && ((item: string, why: string) => options.skip?.(pathToText(below(path, item)), why));
  const importOptions = { tick, skip, longest, digests };
  return (
    (move
      ? moveIntoStore(path, tree, { ...importOptions, skip: undefined, owner: requiredOwner(store) }, moved)
      : undefined) ??
    (inPlace && isFolder(path) ? linkIntoStore(path, tree, importOptions) : undefined) ??
    copyIntoStore(path, tree, importOptions)
  );
}

/**
 * Returns the user who must own all files of a tree that is moved into a shared store: only the owner can open a file
 * to the group. `undefined`: any user.
 */
function requiredOwner(store: Store): number | undefined {
  const user = process.geteuid?.();
  return isShared(store) && user !== 0 ? user : undefined;
}

type ImportOptions = InventoryOptions & { digests: boolean };

/**
 * Moves the tree by a rename. Returns `undefined` if that is not possible, or if it would remove files that cannot be
 * saved.
 */
function moveIntoStore(
  path: string,
  tree: string,
  importOptions: ImportOptions,
  moved: [from: string, to: string][],
): Inventory | undefined {
  if (!rename(path, tree)) return undefined;
  moved.push([path, tree]);
  try {
    const items = takeInventory(tree, importOptions);
    breakHardLinks(tree, items);
    return importOptions.digests ? digestItems(tree, items, importOptions.tick) : items;
  } catch (error) {
    if (!(error instanceof TreeMismatch) && toNotCacheable(tree, error) === undefined) throw error;
    renameTree(tree, path);
    moved.pop();
    return undefined;
  }
}

function linkIntoStore(path: string, tree: string, importOptions: ImportOptions): Inventory {
  symlinkSync(pathToBytes(path), pathToBytes(tree));
  const items = takeInventory(path, importOptions);
  return importOptions.digests ? digestItems(path, items, importOptions.tick, importOptions.skip) : items;
}

/**
 * Copies the tree. The inventory describes the copy, because the source may change meanwhile and the disk may round
 * times.
 */
function copyIntoStore(path: string, tree: string, { digests, ...importOptions }: ImportOptions): Inventory {
  const items = takeInventory(path, importOptions);
  const first = items.find(({ kind, size }) => kind === 'file' && size > 0);
  const method =
    first !== undefined && canReflink(below(path, first.path), dirname(tree)) ? 'reflink' : 'copy';
  // Each file is compared when it is read, so no check is needed before.
  const copied = copyItems(path, tree, items, {
    ...importOptions,
    methodOf: () => method,
    verify: 'off',
    describe,
  }).map((item) => (item.kind === 'file' ? item : readItem(below(tree, item.path), item.path)));
  return digests ? digestItems(tree, copied, importOptions.tick) : copied;
}

function describe(item: Item, { ino, mode, mtimeMs, ctimeMs }: Stats): void {
  item.mode = mode & modeBits('file');
  item.inode = ino;
  item.changed = ctimeMs;
  if (!isSameTime(mtimeMs, item.modified)) item.modified = mtimeMs;
}

function isFolder(path: string): boolean {
  return lstatSync(pathToBytes(path)).isDirectory();
}

/** Returns false if a rename is not possible here. */
function rename(from: string, to: string): boolean {
  try {
    renameTree(from, to);
    return true;
  } catch (error) {
    // Another file system, a mount point in the tree, or a folder that may not be written: copy what can be read.
    if (['EXDEV', 'EBUSY', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return false;
    throw error;
  }
}

/**
 * Replaces hard-linked files with copies: whoever has another link to the content could change it. pnpm links its store
 * into projects.
 */
function breakHardLinks(tree: string, items: Inventory): void {
  const touched = new Set<string>();
  try {
    for (const item of items.filter(({ names }) => names !== undefined)) {
      if (item.path !== '') {
        chmodSync(pathToBytes(below(tree, parentOf(item.path))), 0o700);
        touched.add(parentOf(item.path));
      }
      breakHardLink(below(tree, item.path), item);
    }
  } finally {
    // Also restores the folders of a tree that is moved back after a failure.
    finishDirectories(
      tree,
      items.filter(({ path, kind }) => kind === 'directory' && touched.has(path)),
    );
  }
}

function breakHardLink(full: string, item: Item): void {
  const draft = pathToBytes(below(parentOf(full), `.runner-actions-${randomUUID()}`));
  try {
    copyFileSync(pathToBytes(full), draft);
    finishItem(draft, item);
    renameSync(draft, pathToBytes(full));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  const { inode, changed, modified } = readItem(full, item.path);
  Object.assign(item, { inode, changed, modified });
}
