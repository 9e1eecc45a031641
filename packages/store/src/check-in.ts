import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { TreeMismatch } from './copy-file.ts';
import { copyItems } from './copy.ts';
import { finishDirectories } from './tree-writer.ts';
import { compareTree, type Difference, expectNoMounts, ForeignMount } from './tree-diff.ts';
import { type Entry, identityOf, requireInventoryOf, readEntry, treePath } from './entry.ts';
import { kindOf, readItem, parseInventory } from './inventory.ts';
import { type Inventory } from './item.ts';
import { withSafePaths, safeFolder } from './safe-paths.ts';
import { isRealFolder } from './layout.ts';
import { isShared, type Store } from './store.ts';
import { returnCopy, type LeaseRecord, type Lease, readLease } from './lease.ts';
import { below, parentOf, pathToBytes, pathToText } from './byte-paths.ts';
import { writeLeaseInventories, readLeaseInventories } from './lease-inventories.ts';
import { removeStagingFolder } from './staging.ts';
import { removeTree, exists, renameTree } from './swap.ts';
import type { OnProgress } from './progress.ts';

/** The result of a check-in: what happened to the lease when its job ended. */
export interface CheckInResult {
  outcome: 'clean' | 'repaired' | 'dropped' | 'mounted' | 'replaced' | 'gone' | 'released';
  /** Number of files that the job changed or removed, and of items that it added (a folder counts as one). */
  changed: number;
  added: number;
  /** Why the copy was dropped, or what replaced it; otherwise empty. */
  why: string;
}

/** If the job changed more than this share of a copy, a repair takes as long as a new copy, so the copy is dropped. */
const maxChangedShare = 0.5;

/**
 * Returns a job's copy to the store: restores changed files from the entry and removes added ones. The copy is then
 * ready for the next job. The copy is moved to the lease's folder first, where no job sees it.
 * @param keep false if the job failed or may have failed: no other job may get its copy
 * @param most how many ready copies an entry may have
 */
export function checkIn(
  store: Store,
  lease: Lease,
  { keep, most, tick }: { keep: boolean; most: number; tick?: OnProgress },
): CheckInResult {
  const held = withSafePaths(() => readLease(store, lease));
  if (held === undefined) return { outcome: 'gone', changed: 0, added: 0, why: 'the lease is gone' };
  try {
    if (held.kind === 'pin') return { outcome: 'released', changed: 0, added: 0, why: '' };
    return withSafePaths(() => returnLease(store, lease.folder, held, { keep, most, tick }));
  } catch (error) {
    // A copy cannot be repaired without its entry. The next restore of the entry reports what is wrong with it.
    if (error instanceof TreeMismatch) return dropped(`it cannot be repaired: ${error.message}`);
    if (error instanceof ForeignMount) return { ...dropped(error.message), outcome: 'mounted' };
    throw error;
  } finally {
    removeStagingFolder(lease.folder);
  }
}

const dropped = (why: string): CheckInResult => ({ outcome: 'dropped', changed: 0, added: 0, why });

function returnLease(
  store: Store,
  leased: string,
  { targets, entry: name, identity, inventories }: LeaseRecord,
  { keep, most, tick }: { keep: boolean; most: number; tick: OnProgress | undefined },
): CheckInResult {
  const folder = safeFolder(store, leased);
  const recordedLines = readLeaseInventories(folder, inventories);
  if (recordedLines?.length !== targets.length)
    return {
      ...dropped(
        'another user changed the inventory of the lease. The files stay. Check who can write the store',
      ),
      outcome: 'replaced',
    };
  const foreign = targets.find((target) => !isSameTarget(target));
  if (foreign !== undefined) {
    const why = `${pathToText(foreign.path)} is not what was put there: the job removed or replaced it`;
    return { ...dropped(why), outcome: 'replaced' };
  }
  // Check before the move. A mount would move too, and its files would count as the job's changes.
  for (const { path } of targets) expectNoMounts(path);
  const untouched = targets.map(({ path, changed }) => changedAt(path) === changed);
  for (const [index, { path }] of targets.entries()) renameTree(path, treePath(folder, index));
  const place = join(store.root, name);
  const entry = isRealFolder(store, place) ? readEntry(place) : undefined;
  if (!keep) return dropped('the job did not succeed');
  // A copy is only repaired from the entry that it was copied from.
  if (entry === undefined || identityOf(entry) !== identity)
    return dropped('the entry was removed meanwhile, or another one was saved under its key');
  for (const index of recordedLines.keys()) expectNoMounts(treePath(folder, index));
  const differences = recordedLines.map((lines, index) =>
    compareTree(treePath(folder, index), lines, untouched[index] === true, tick),
  );
  const changed = sum(differences, ({ stale }) => stale.size);
  const added = sum(differences, ({ added: paths }) => paths.length);
  if (changed > maxChangedShare * sum(differences, ({ items }) => items))
    return { ...dropped('the job changed most of it'), changed, added };
  const isClean = changed + added + sum(differences, ({ modes }) => modes.length) === 0;
  const digests = isClean
    ? inventories
    : writeLeaseInventories(folder, repairAll(store, entry, folder, recordedLines, differences));
  if (!returnCopy(store, { folder: leased, inventories: digests }, entry, most))
    return { ...dropped('there are enough ready copies, or the entry is gone'), changed, added };
  return { outcome: isClean ? 'clean' : 'repaired', changed, added, why: '' };
}

function sum<T>(values: readonly T[], of: (one: T) => number): number {
  return values.reduce((total, one) => total + of(one), 0);
}

function changedAt(target: string): number {
  return lstatSync(pathToBytes(target)).ctimeMs;
}

/** Returns whether the target is still the same file or folder that was restored, not a symlink or a replacement. */
function isSameTarget({ path, inode, kind }: LeaseRecord['targets'][number]): boolean {
  const stats = lstatSync(pathToBytes(path), { throwIfNoEntry: false });
  return stats !== undefined && stats.ino === inode && kindOf(stats) === kind;
}

/**
 * Restores the trees to their saved state.
 * @returns their new inventories
 */
function repairAll(
  store: Store,
  entry: Entry,
  folder: string,
  recordedLines: readonly string[][],
  differences: readonly Difference[],
): Inventory[] {
  const from = safeFolder(store, entry.folder);
  return recordedLines.map((lines, index) => {
    const items = parseInventory(lines);
    const difference = differences[index] as Difference;
    const entryInventory = requireInventoryOf(entry.folder, index);
    expectSame(items, entryInventory, difference);
    const tree = treePath(folder, index);
    const touched = repair(treePath(from, index), tree, entryInventory, difference, isShared(store));
    return items.map((item) => {
      const isNew = difference.stale.has(item.path);
      if (!isNew && !touched.has(item.path)) return item;
      const { inode, changed, modified } = readItem(below(tree, item.path), item.path);
      return isNew ? { ...item, inode, changed, modified } : { ...item, changed };
    });
  });
}

/**
 * Checks that the entry's inventory still describes the same files. Other users of a shared store may have replaced it.
 * @throws TreeMismatch
 */
function expectSame(recorded: Inventory, entryInventory: Inventory, { stale }: Difference): void {
  const wanted = new Map(recorded.map((item) => [item.path, item]));
  for (const item of entryInventory.filter(({ path }) => stale.has(path))) {
    const { kind, size, link, mode } = wanted.get(item.path) ?? {};
    // The system sets the mode of a symlink.
    const isSameMode = kind === 'link' || mode === item.mode;
    if (kind !== item.kind || size !== item.size || link !== item.link || !isSameMode)
      throw new TreeMismatch(`${pathToText(item.path)} was replaced in the entry meanwhile`);
  }
}

/**
 * Repairs one tree.
 * @returns the folders in which something was changed
 * @throws TreeMismatch if a symlink replaced a folder on the way
 */
function repair(
  from: string,
  tree: string,
  entryInventory: Inventory,
  { stale, added, modes }: Difference,
  mayChange: boolean,
): Set<string> {
  // A changed folder includes its contents.
  const tops = [...added, ...stale].filter((path) => path === '' || !stale.has(parentOf(path)));
  const parents = parentsOf(tops);
  expectFolders(tree, [...parents, ...modes]);
  expectFolders(from, parentsOf(tops.filter((path) => stale.has(path))));
  const folders = new Map(
    entryInventory.filter(({ kind }) => kind === 'directory').map((item) => [item.path, item]),
  );
  const touched = new Set(modes);
  for (const path of parents) if (folders.has(path)) touched.add(path);
  for (const path of touched) chmodSync(pathToBytes(below(tree, path)), 0o700);
  for (const path of tops) remove(below(tree, path));
  const restored = entryInventory.filter(({ path }) => stale.has(path));
  copyItems(from, tree, restored, { methodOf: () => 'reflink', isShared: mayChange });
  finishDirectories(
    tree,
    [...folders.values()].filter(({ path }) => touched.has(path)),
  );
  return touched;
}

function parentsOf(paths: readonly string[]): string[] {
  return paths.filter((path) => path !== '').map(parentOf);
}

/**
 * Checks that the paths and all their parents in the tree are folders.
 * @throws TreeMismatch
 */
function expectFolders(tree: string, paths: readonly string[]): void {
  const known = new Set<string>();
  const expect = (path: string): void => {
    if (known.has(path)) return;
    if (path !== '') expect(parentOf(path));
    known.add(path);
    if (lstatSync(pathToBytes(below(tree, path)), { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new TreeMismatch(`${pathToText(below(tree, path))} is not a folder`);
  };
  for (const path of paths) expect(path);
}

function remove(path: string): void {
  try {
    unlinkSync(pathToBytes(path));
  } catch {
    removeTree(path);
    // The path holds files of another user, which this user cannot remove.
    if (exists(path)) throw new TreeMismatch(`${pathToText(path)} cannot be removed`);
  }
}
