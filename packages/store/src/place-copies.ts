import { chmodSync, symlinkSync } from 'node:fs';
import { withEntryLock } from './entry-lock.ts';
import { copyItems, type Method } from './copy.ts';
import { isOwn, treePath } from './entry.ts';
import type { Inventory, Item } from './item.ts';
import { makeLease, writeHold, writeLease } from './lease.ts';
import type { Choice, Mode } from './mode.ts';
import { isShared } from './store.ts';
import { below, pathToBytes } from './byte-paths.ts';
import type { Capabilities } from './probe.ts';
import { makeWorkFolder, putInPlace } from './put-in-place.ts';
import {
  type Restored,
  type RestoreOptions,
  expectCurrent,
  readInventories,
  type RestoreTask,
} from './restore-task.ts';
import { removeStagingFolder } from './staging.ts';
import { removeTree } from './swap.ts';
import { verifyContent, verifyItems } from './verify.ts';

/** Restores by copies, or by links to immutable paths. Each target is replaced by one rename. */
export function placeCopies(
  task: RestoreTask,
  capabilities: readonly Capabilities[],
  choice: Choice,
): Restored {
  const { store, entry, targets, options } = task;
  const mayLink = isOwn(entry) && !isShared(store) && !store.readOnly;
  const links =
    choice.mode === 'symlink' && mayLink ? targets.map((target) => options.isImmutable(target)) : [];
  const lease = links.includes(true) ? pin(task) : undefined;
  const workFolders = targets.map((_target, index) => makeWorkFolder(task, capabilities, index));
  const stagedOf = (index: number): string => below(workFolders[index] as string, `new-${index}`);
  try {
    for (const [index, items] of readInventories(task).entries()) {
      const from = treePath(task.entryPath, index);
      if (links[index] === true) linkTo(from, stagedOf(index), items, options);
      else copyItems(from, stagedOf(index), items, copyOptions(task, choice, index));
    }
    expectCurrent(entry);
    const trash = putInPlace(task, capabilities, stagedOf);
    const { mode, why } = describeChoice(choice, { linked: lease !== undefined, mayLink });
    const held = lease === undefined ? {} : { lease: writeLease(store, lease, 'pin', entry, [], []).lease };
    return { outcome: 'restored', mode, why, trash, ...held };
  } catch (error) {
    if (lease !== undefined) removeStagingFolder(lease);
    throw error;
  } finally {
    for (const area of workFolders) removeTree(area);
  }
}

function describeChoice(
  { mode, reflink, why }: Choice,
  { linked, mayLink }: { linked: boolean; mayLink: boolean },
): { mode: Mode; why: string } {
  if (mode !== 'symlink' || linked) return { mode, why };
  const none = mayLink
    ? 'none of the paths is immutable'
    : 'another user could change it, or the store is read-only';
  return { mode: reflink ? 'reflink' : 'copy', why: none };
}

/** Creates a symlink to the entry itself and removes write permission from the entry. */
function linkTo(from: string, to: string, items: Inventory, { verify, tick }: RestoreOptions): void {
  // The job sees all files in the linked tree, not only those in the inventory.
  if (verify === 'full') verifyContent(from, items, { tick, open: 0o772 });
  else verifyItems(from, items, 'stat', tick);
  for (const { kind, path, mode } of items)
    if (kind !== 'link' && (mode & 0o222) !== 0) chmodSync(pathToBytes(below(from, path)), mode & ~0o222);
  symlinkSync(pathToBytes(from), pathToBytes(to));
}

/**
 * Pins the entry while the job lives.
 * @throws TreeMismatch if it was evicted first; Error if another process does not release the entry
 */
function pin({ store, entry, options }: RestoreTask): string {
  const lease = withEntryLock(store, entry.folder, () => {
    expectCurrent(entry);
    const made = makeLease(store, options.job);
    writeHold(store, made, 'pin', entry);
    return made;
  });
  if (lease === undefined) throw new Error('another process has held the lock of the entry for a second');
  return lease;
}

export function copyOptions({ store, entry, options, targets }: RestoreTask, choice: Choice, index: number) {
  const { verify, tick, isImmutable } = options;
  const other: Method = choice.reflink ? 'reflink' : 'copy';
  const target = targets[index] as string;
  // The user who owns the first link to a file can change it.
  const mayLink = choice.mode === 'hardlink' && isOwn(entry) && !isShared(store);
  const methodOf = (item: Item): Method =>
    mayLink && isImmutable(below(target, item.path)) ? 'hardlink' : other;
  return { verify, tick, methodOf, measure: true, isShared: isShared(store) };
}
