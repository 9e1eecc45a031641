import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, lstatSync, renameSync, rmSync, type Stats, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { TreeMismatch } from './copy-file.ts';
import { copyItems } from './copy.ts';
import { finishDirectories, finishItem } from './tree-writer.ts';
import { toNotCacheable, type InventoryOptions, readItem, modeBits, takeInventory } from './inventory.ts';
import { type Inventory, type Item } from './item.ts';
import { isShared, type Store } from './store.ts';
import { below, parentOf, toBytes, toText } from './byte-paths.ts';
import { canReflink } from './probe.ts';
import type { SaveOptions } from './save-options.ts';
import { renameTree } from './swap.ts';
import { isSameTime } from './times.ts';
import { digestItems } from './verify.ts';

/** What the folders of an entry, a lease or a ready copy add to the store's own path, and more than that. */
const ownPart = 400;
/** Source: PATH_MAX of Linux, with its zero at the end. */
const longestPath = 4095;

/**
 * Brings what is at `path` into the store as `tree`, and describes it.
 * @param taken where trees were that were taken away, and where they are now: added to
 * @throws Error from the file system; NotCacheable for the root
 */
export function importTree(
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
  const how = { tick, skip, longest, digests };
  return (
    (move
      ? moveIntoStore(path, tree, { ...how, skip: undefined, owner: requiredOwner(store) }, taken)
      : undefined) ??
    (inPlace && isFolder(path) ? linkIntoStore(path, tree, how) : undefined) ??
    copyIntoStore(path, tree, how)
  );
}

/** Whose all must be that is taken into a store: nobody else may open it to the group. `undefined`: anybody's will do. */
function requiredOwner(store: Store): number | undefined {
  const user = process.geteuid?.();
  return isShared(store) && user !== 0 ? user : undefined;
}

type How = InventoryOptions & { digests: boolean };

/** By a rename. `undefined` where that cannot be, or would take something away that is not saved then. */
function moveIntoStore(
  path: string,
  tree: string,
  how: How,
  taken: [from: string, to: string][],
): Inventory | undefined {
  if (!rename(path, tree)) return undefined;
  taken.push([path, tree]);
  try {
    const items = takeInventory(tree, how);
    breakHardLinks(tree, items);
    return how.digests ? digestItems(tree, items, how.tick) : items;
  } catch (error) {
    if (!(error instanceof TreeMismatch) && toNotCacheable(tree, error) === undefined) throw error;
    renameTree(tree, path);
    taken.pop();
    return undefined;
  }
}

function linkIntoStore(path: string, tree: string, how: How): Inventory {
  symlinkSync(toBytes(path), toBytes(tree));
  const items = takeInventory(path, how);
  return how.digests ? digestItems(path, items, how.tick, how.skip) : items;
}

/** The copy is described, not what it was made from, which may change meanwhile: as the disk has it, which may round times. */
function copyIntoStore(path: string, tree: string, { digests, ...how }: How): Inventory {
  const items = takeInventory(path, how);
  const first = items.find(({ kind, size }) => kind === 'file' && size > 0);
  const method =
    first !== undefined && canReflink(below(path, first.path), dirname(tree)) ? 'reflink' : 'copy';
  // Each is compared when it was read; that it is what it was a moment ago need not be asked before.
  const copied = copyItems(path, tree, items, {
    ...how,
    methodOf: () => method,
    verify: 'off',
    describe,
  }).map((item) => (item.kind === 'file' ? item : readItem(below(tree, item.path), item.path)));
  return digests ? digestItems(tree, copied, how.tick) : copied;
}

function describe(item: Item, { ino, mode, mtimeMs, ctimeMs }: Stats): void {
  item.mode = mode & modeBits('file');
  item.inode = ino;
  item.changed = ctimeMs;
  if (!isSameTime(mtimeMs, item.modified)) item.modified = mtimeMs;
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
function breakHardLinks(tree: string, items: Inventory): void {
  const touched = new Set<string>();
  try {
    for (const item of items.filter(({ names }) => names !== undefined)) {
      if (item.path !== '') {
        chmodSync(toBytes(below(tree, parentOf(item.path))), 0o700);
        touched.add(parentOf(item.path));
      }
      breakHardLink(below(tree, item.path), item);
    }
  } finally {
    // Also of what goes back, since it could not be done.
    finishDirectories(
      tree,
      items.filter(({ path, kind }) => kind === 'directory' && touched.has(path)),
    );
  }
}

function breakHardLink(full: string, item: Item): void {
  const draft = toBytes(below(parentOf(full), `.runner-actions-${randomUUID()}`));
  try {
    copyFileSync(toBytes(full), draft);
    finishItem(draft, item);
    renameSync(draft, toBytes(full));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  const { inode, changed, modified } = readItem(full, item.path);
  Object.assign(item, { inode, changed, modified });
}
