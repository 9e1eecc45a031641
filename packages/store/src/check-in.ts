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
import { below, parentOf, toBytes, toText } from './byte-paths.ts';
import { writeLeaseInventories, readLeaseInventories } from './lease-inventories.ts';
import { dropStaging } from './staging.ts';
import { removeTree, exists, renameTree } from './swap.ts';
import type { Tick } from './progress.ts';

/** What became of a lease when its job ended. */
export interface CheckedIn {
  outcome: 'clean' | 'repaired' | 'dropped' | 'mounted' | 'replaced' | 'gone' | 'released';
  /** Files that the job changed or removed, and what it added (a folder counts one). */
  changed: number;
  added: number;
  /** Why it was dropped, or what the job put in its place; else empty. */
  why: string;
}

/** A copy of which more than this share was changed is made anew when it is wanted: that takes no longer. */
const maxChangedShare = 0.5;

/**
 * Takes a job's copy back: what it changed is copied again from the entry, what it added is removed, and then the copy is ready
 * for the next job. One by one things happen in the lease's folder, where no job looks.
 * @param keep false: the job did not go well, and nobody is to get what it had
 * @param most how many ready copies an entry may have
 */
export function checkIn(
  store: Store,
  lease: Lease,
  { keep, most, tick }: { keep: boolean; most: number; tick?: Tick },
): CheckedIn {
  const held = withSafePaths(() => readLease(store, lease));
  if (held === undefined) return { outcome: 'gone', changed: 0, added: 0, why: 'the lease is gone' };
  try {
    if (held.kind === 'pin') return { outcome: 'released', changed: 0, added: 0, why: '' };
    return withSafePaths(() => returnLease(store, lease.folder, held, { keep, most, tick }));
  } catch (error) {
    // Without its entry a copy cannot be repaired. The entry is found out when it is wanted next.
    if (error instanceof TreeMismatch) return dropped(`it cannot be repaired: ${error.message}`);
    if (error instanceof ForeignMount) return { ...dropped(error.message), outcome: 'mounted' };
    throw error;
  } finally {
    dropStaging(lease.folder);
  }
}

const dropped = (why: string): CheckedIn => ({ outcome: 'dropped', changed: 0, added: 0, why });

function returnLease(
  store: Store,
  leased: string,
  { targets, entry: name, identity, inventories }: LeaseRecord,
  { keep, most, tick }: { keep: boolean; most: number; tick: Tick | undefined },
): CheckedIn {
  const folder = safeFolder(store, leased);
  const recordedLines = readLeaseInventories(folder, inventories);
  if (recordedLines?.length !== targets.length)
    return {
      ...dropped(
        'somebody else changed what the store had recordedLines of it. The files stay; look who may write the store',
      ),
      outcome: 'replaced',
    };
  const foreign = targets.find((target) => !isStill(target));
  if (foreign !== undefined) {
    const why = `${toText(foreign.path)} is not what was put there: the job removed or replaced it`;
    return { ...dropped(why), outcome: 'replaced' };
  }
  // Before anything is moved: what is mounted would go along, and what is in it would be taken for the job's.
  for (const { path } of targets) expectNoMounts(path);
  const untouched = targets.map(({ path, changed }) => changedAt(path) === changed);
  for (const [index, { path }] of targets.entries()) renameTree(path, treePath(folder, index));
  const place = join(store.root, name);
  const entry = isRealFolder(store, place) ? readEntry(place) : undefined;
  if (!keep) return dropped('the job did not succeed');
  // A copy is repaired from the entry that it was made of, and from no other.
  if (entry === undefined || identityOf(entry) !== identity)
    return dropped('the entry is gone meanwhile, or another was saved under its key');
  for (const index of recordedLines.keys()) expectNoMounts(treePath(folder, index));
  const all = recordedLines.map((lines, index) =>
    compareTree(treePath(folder, index), lines, untouched[index] === true, tick),
  );
  const changed = sum(all, ({ stale }) => stale.size);
  const added = sum(all, ({ added: paths }) => paths.length);
  if (changed > maxChangedShare * sum(all, ({ items }) => items))
    return { ...dropped('the job changed most of it'), changed, added };
  const isClean = changed + added + sum(all, ({ modes }) => modes.length) === 0;
  const digests = isClean
    ? inventories
    : writeLeaseInventories(folder, repairAll(store, entry, folder, recordedLines, all));
  if (!returnCopy(store, { folder: leased, inventories: digests }, entry, most))
    return { ...dropped('there are enough ready copies, or the entry is gone'), changed, added };
  return { outcome: isClean ? 'clean' : 'repaired', changed, added, why: '' };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function changedAt(target: string): number {
  return lstatSync(toBytes(target)).ctimeMs;
}

/** Whether the target is the very file or folder that was put there, not a link and not another one. */
function isStill({ path, inode, kind }: LeaseRecord['targets'][number]): boolean {
  const stats = lstatSync(toBytes(path), { throwIfNoEntry: false });
  return stats !== undefined && stats.ino === inode && kindOf(stats) === kind;
}

/** Makes the trees what they were, and answers their new inventories. */
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

/** In a store that several users write, an entry may have another inventory by now. @throws TreeMismatch */
function expectSame(recorded: Inventory, entryInventory: Inventory, { stale }: Difference): void {
  const wanted = new Map(recorded.map((item) => [item.path, item]));
  for (const item of entryInventory.filter(({ path }) => stale.has(path))) {
    const { kind, size, link, mode } = wanted.get(item.path) ?? {};
    // A link's mode is the system's.
    const isSameMode = kind === 'link' || mode === item.mode;
    if (kind !== item.kind || size !== item.size || link !== item.link || !isSameMode)
      throw new TreeMismatch(`${toText(item.path)} is another file in the entry by now`);
  }
}

/** @returns the folders that something was done in @throws TreeMismatch where it would be done through a link */
function repair(
  from: string,
  tree: string,
  entryInventory: Inventory,
  { stale, added, modes }: Difference,
  mayChange: boolean,
): Set<string> {
  // What is below goes with it.
  const tops = [...added, ...stale].filter((path) => path === '' || !stale.has(parentOf(path)));
  const parents = parentsOf(tops);
  expectFolders(tree, [...parents, ...modes]);
  expectFolders(from, parentsOf(tops.filter((path) => stale.has(path))));
  const folders = new Map(
    entryInventory.filter(({ kind }) => kind === 'directory').map((item) => [item.path, item]),
  );
  const touched = new Set(modes);
  for (const path of parents) if (folders.has(path)) touched.add(path);
  for (const path of touched) chmodSync(toBytes(below(tree, path)), 0o700);
  for (const path of tops) remove(below(tree, path));
  const again = entryInventory.filter(({ path }) => stale.has(path));
  copyItems(from, tree, again, { methodOf: () => 'reflink', isShared: mayChange });
  finishDirectories(
    tree,
    [...folders.values()].filter(({ path }) => touched.has(path)),
  );
  return touched;
}

function parentsOf(paths: readonly string[]): string[] {
  return paths.filter((path) => path !== '').map(parentOf);
}

/** That folders of a tree are ones, and all that they are in. @throws TreeMismatch */
function expectFolders(tree: string, paths: readonly string[]): void {
  const known = new Set<string>();
  const expect = (path: string): void => {
    if (known.has(path)) return;
    if (path !== '') expect(parentOf(path));
    known.add(path);
    if (lstatSync(toBytes(below(tree, path)), { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new TreeMismatch(`${toText(below(tree, path))} is no folder`);
  };
  for (const path of paths) expect(path);
}

function remove(path: string): void {
  try {
    unlinkSync(toBytes(path));
  } catch {
    removeTree(path);
    // What another user left there is not ours to remove.
    if (exists(path)) throw new TreeMismatch(`${toText(path)} cannot be removed`);
  }
}
