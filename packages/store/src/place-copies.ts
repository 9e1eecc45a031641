import { chmodSync, symlinkSync } from 'node:fs';
import { alone } from './alone.ts';
import { copyItems, type Method } from './copy.ts';
import { isOwn, treeIn } from './entry.ts';
import type { Inventory, Item } from './item.ts';
import { makeLease, noteHold, noteLease } from './lease.ts';
import type { Choice, Mode } from './mode.ts';
import { isShared } from './store.ts';
import { below, toBytes } from './names.ts';
import type { Pair } from './probe.ts';
import { areaFor, putInPlace } from './put-in-place.ts';
import { type Restored, type RestoreOptions, expectThere, readMasters, type Task } from './task.ts';
import { dropStaging } from './staging.ts';
import { drop } from './swap.ts';
import { verifyContent, verifyItems } from './verify.ts';

/** By copies, or links to what is immutable, each put in place by one rename. */
export function placeCopies(task: Task, pairs: readonly Pair[], choice: Choice): Restored {
  const { store, entry, targets, options } = task;
  const mayLink = isOwn(entry) && !isShared(store) && !store.readOnly;
  const links =
    choice.mode === 'symlink' && mayLink ? targets.map((target) => options.isImmutable(target)) : [];
  const lease = links.includes(true) ? pin(task) : undefined;
  const areas = targets.map((_target, index) => areaFor(task, pairs, index));
  const stagedOf = (index: number): string => below(areas[index] as string, `new-${index}`);
  try {
    for (const [index, items] of readMasters(task).entries()) {
      const from = treeIn(task.here, index);
      if (links[index] === true) linkTo(from, stagedOf(index), items, options);
      else copyItems(from, stagedOf(index), items, copyOptions(task, choice, index));
    }
    expectThere(entry);
    const trash = putInPlace(task, pairs, stagedOf);
    const { mode, why } = describeChoice(choice, { linked: lease !== undefined, mayLink });
    const held = lease === undefined ? {} : { lease: noteLease(store, lease, 'pin', entry, [], []).lease };
    return { outcome: 'restored', mode, why, trash, ...held };
  } catch (error) {
    if (lease !== undefined) dropStaging(lease);
    throw error;
  } finally {
    for (const area of areas) drop(area);
  }
}

function describeChoice(
  { mode, reflink, why }: Choice,
  { linked, mayLink }: { linked: boolean; mayLink: boolean },
): { mode: Mode; why: string } {
  if (mode !== 'symlink' || linked) return { mode, why };
  const none = mayLink
    ? 'none of the paths is immutable'
    : 'another user could change it, or it may only be read';
  return { mode: reflink ? 'reflink' : 'copy', why: none };
}

/** A link to the entry itself, which nobody is to write through. */
function linkTo(from: string, to: string, items: Inventory, { verify, tick }: RestoreOptions): void {
  // What is linked to is what is there, not what the inventory names.
  if (verify === 'full') verifyContent(from, items, { tick, open: 0o772 });
  else verifyItems(from, items, 'stat', tick);
  for (const { kind, path, mode } of items)
    if (kind !== 'link' && (mode & 0o222) !== 0) chmodSync(toBytes(below(from, path)), mode & ~0o222);
  symlinkSync(toBytes(from), toBytes(to));
}

/**
 * Holds the entry itself for as long as the job lives.
 * @throws NotWhole where an eviction was faster; Error where another process does not let go of the entry
 */
function pin({ store, entry, options }: Task): string {
  const lease = alone(store, entry.folder, () => {
    expectThere(entry);
    const made = makeLease(store, options.job);
    noteHold(store, made, 'pin', entry);
    return made;
  });
  if (lease === undefined) throw new Error('another process has been at the entry for a second');
  return lease;
}

export function copyOptions({ store, entry, options, targets }: Task, choice: Choice, index: number) {
  const { verify, tick, isImmutable } = options;
  const other: Method = choice.reflink ? 'reflink' : 'copy';
  const target = targets[index] as string;
  // What another user has the first name of, that user can change.
  const mayLink = choice.mode === 'hardlink' && isOwn(entry) && !isShared(store);
  const methodOf = (item: Item): Method =>
    mayLink && isImmutable(below(target, item.path)) ? 'hardlink' : other;
  return { verify, tick, methodOf, measure: true, isShared: isShared(store) };
}
