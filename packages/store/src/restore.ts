import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, rmdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Owner, ownerName, ownerOf } from '@runner-actions/host';
import { alone } from './alone.ts';
import { passClockStep } from './clock.ts';
import { copyItems, type Method, NotWhole, verifyItems } from './copy.ts';
import {
  bytesOf,
  type Entry,
  identityOf,
  isCurrent,
  isOwn,
  isStillThere,
  masterIn,
  stampUse,
  treeIn,
} from './entry.ts';
import { noteGrowth } from './growth.ts';
import { type Inventory, type Item, lookAt } from './inventory.ts';
import { describeCopy, type Lease, makeLease, takeReady, writeLease } from './lease.ts';
import type { Store } from './layout.ts';
import { mergeInto } from './merge.ts';
import { type Choice, chooseMode, type Mode } from './mode.ts';
import { below, parentOf, toBytes } from './names.ts';
import { besideName, type Pair, probePairs } from './probe.ts';
import type { Tick } from './progress.ts';
import { quarantineEntry } from './removal.ts';
import { dropStaging, makeStaging } from './staging.ts';
import { drop, exists, type Move, swapIn } from './swap.ts';

export interface RestoreOptions {
  mode: Mode | 'auto';
  /** Whether jobs only read this path (absolute, a character for each byte). */
  isImmutable: (path: string) => boolean;
  /** `replace`: what is in a target goes away; `merge`: it stays, and files of the same name are replaced. */
  onExisting: 'replace' | 'merge';
  verify: 'off' | 'stat' | 'full';
  /** The job, which holds a lease for as long as it lives. */
  job: Owner;
  /** How many ready copies an entry may have; 0: no leases. */
  readyCopies: number;
  /** Takes the trees out of the entry instead of copying them, where a rename reaches: for a store that is thrown away. */
  consume?: boolean;
  tick?: Tick;
}

export interface Restored {
  outcome: 'restored';
  mode: Mode;
  why: string;
  /** What the job holds now, for `checkIn` when it ends. */
  lease?: string;
  /** Folders with what was in the targets before, to be removed when there is time: `dropStaging`. */
  trash: string[];
}

/** The entry is not what was saved, and nothing was changed in the targets. */
export interface Broken {
  outcome: 'broken';
  why: string;
  /** False where the store may only be read, or links of a running job lead into the entry. */
  quarantined: boolean;
}

/** It was evicted while it was read, or before; there may be another by now. Nothing was changed in the targets. */
export interface Gone {
  outcome: 'gone';
}

/**
 * Puts the entry's trees to `targets`, in the order of `metadata.trees`: all of them or none.
 * @param targets absolute paths, a character for each byte
 * @throws Error from the file system of the targets, which are as they were then
 */
export function restoreEntry(
  store: Store,
  entry: Entry,
  targets: readonly string[],
  options: RestoreOptions,
): Restored | Broken | Gone {
  const { trees } = entry.metadata;
  if (trees.length !== targets.length)
    throw new Error(`The entry has ${trees.length} trees, and ${targets.length} targets were given`);
  // Before anything is read, so that nobody evicts it meanwhile.
  stampUse(entry.folder);
  const staging = store.readOnly ? undefined : makeStaging(store);
  try {
    const pairs = probePairs(staging, targets);
    return place({ store, entry, targets, options, staging, pairs });
  } catch (error) {
    if (!(error instanceof NotWhole)) throw error;
    if (!isStillThere(entry)) return { outcome: 'gone' };
    return { outcome: 'broken', why: error.message, quarantined: putOutOfUse(store, entry) };
  } finally {
    if (staging !== undefined) dropStaging(staging);
  }
}

/** Takes an entry out of use. Another process may have found the same, and another entry may be there by now, which stays. */
export function putOutOfUse(store: Store, entry: Entry): boolean {
  return !store.readOnly && quarantineEntry(store, entry.folder, () => isStillThere(entry));
}

/** Trees of another, saved under its key meanwhile, need not go to the same targets. @throws NotWhole */
function expectThere(entry: Entry): void {
  if (!isCurrent(entry)) throw new NotWhole('it was evicted meanwhile');
}

interface Task {
  store: Store;
  entry: Entry;
  targets: readonly string[];
  options: RestoreOptions;
  /** `undefined`: nothing can be made in the store. */
  staging: string | undefined;
  pairs: readonly Pair[];
}

function place(task: Task): Restored {
  const { entry, targets, options, pairs } = task;
  const pair = {
    rename: pairs.every(({ rename }) => rename),
    reflink: pairs.every(({ reflink }) => reflink),
  };
  const merging = options.onExisting === 'merge' && targets.some(exists);
  const choice = chooseMode(options.mode, pair, { leases: options.readyCopies > 0, merging });
  const { digests, key } = entry.metadata;
  if (options.verify === 'full' && !digests)
    throw new Error(`The entry ${key} was saved without digests, so its content cannot be verified`);
  if (options.consume === true && pair.rename && !merging) {
    const trash = putInPlace(task, (index) => treeIn(entry.folder, index));
    const why = 'unpacked beside the target and renamed into place';
    return { outcome: 'restored', mode: 'copy', why, trash };
  }
  return choice.mode === 'lease' ? placeLease(task, choice) : placeCopies(task, choice, merging);
}

/** @throws NotWhole */
function readMasters({ folder, metadata }: Entry): Inventory[] {
  return metadata.trees.map((_tree, index) => masterIn(folder, index));
}

/** By a ready copy, or by a new one that becomes ready when the job ends. The first of the two reads no inventory: a rename is all. */
function placeLease(task: Task, choice: Choice): Restored {
  const { store, entry, targets, options } = task;
  const { folder } = entry;
  const ready = takeReady(store, entry, options.job, options.verify, options.tick);
  const lease = ready ?? makeLease(store, options.job);
  const held: Lease = { kind: 'copy', entry: folder, identity: identityOf(entry), targets: [...targets] };
  let trash: string[];
  try {
    // First of all: what is held is not evicted, however long the copy takes.
    writeLease(store, lease, held);
    if (ready === undefined) {
      const masters = readMasters(entry);
      for (const [index, items] of masters.entries())
        copyItems(treeIn(folder, index), treeIn(lease, index), items, copyOptions(task, choice, index));
      expectThere(entry);
      describeCopy(lease, masters, options.tick);
      noteGrowth(store, bytesOf(entry.metadata));
    }
    trash = putInPlace(task, (index) => treeIn(lease, index));
  } catch (error) {
    dropStaging(lease);
    throw error;
  }
  notePlaced(store, lease, held, ready === undefined);
  if (ready !== undefined) return { outcome: 'restored', mode: 'lease', why: choice.why, lease, trash };
  const why = 'the first one on this machine: what was copied is a ready copy from now on';
  return { outcome: 'restored', mode: choice.reflink ? 'reflink' : 'copy', why, lease, trash };
}

/** Without it, a target that is a file counts as changed when it is checked in. */
function notePlaced(store: Store, lease: string, held: Lease, isNew: boolean): void {
  try {
    const placed = held.targets.map((target) => lookAt(target, ''));
    writeLease(store, lease, { ...held, placed: placed.map(({ changed }) => changed) });
    // For what was looked at just now. The files of a ready copy were looked at when it was given back.
    if (isNew || placed.some(({ kind }) => kind !== 'directory')) passClockStep(join(lease, 'lease.json'));
  } catch {
    // The files are in their places, which is what counts.
  }
}

function placeCopies(task: Task, choice: Choice, merging: boolean): Restored {
  const { store, entry, targets, options } = task;
  const mayLink = isOwn(entry) && !store.readOnly;
  const links =
    choice.mode === 'symlink' && mayLink ? targets.map((target) => options.isImmutable(target)) : [];
  const lease = links.includes(true) ? pin(task) : undefined;
  const areas = targets.map((target, index) => areaFor(task, target, index));
  const stagedOf = (index: number): string => below(areas[index] as string, `new-${index}`);
  try {
    const masters = readMasters(entry);
    for (const [index, items] of masters.entries()) {
      const from = treeIn(entry.folder, index);
      if (links[index] === true) linkTo(from, stagedOf(index), items, options);
      else copyItems(from, stagedOf(index), items, copyOptions(task, choice, index));
    }
    expectThere(entry);
    const trash = merging ? [] : putInPlace(task, stagedOf);
    // All of it is there and whole by now: what is in the targets is touched only then.
    if (merging)
      for (const [index, items] of masters.entries())
        mergeInto(stagedOf(index), targets[index] as string, items, below(areas[index] as string, 'old'));
    const { mode, why } = describeChoice(choice, { linked: lease !== undefined, mayLink });
    return { outcome: 'restored', mode, why, trash, ...(lease === undefined ? {} : { lease }) };
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
    : 'another user’s entry, or one that may only be read';
  return { mode: reflink ? 'reflink' : 'copy', why: none };
}

/** A link to the entry itself, which nobody is to write through. */
function linkTo(from: string, to: string, items: Inventory, { verify, tick }: RestoreOptions): void {
  if (verify !== 'off') verifyItems(from, items, verify, tick);
  for (const { kind, path, mode } of items)
    if (kind !== 'link' && (mode & 0o222) !== 0) chmodSync(toBytes(below(from, path)), mode & ~0o222);
  symlinkSync(toBytes(from), toBytes(to));
}

/**
 * Holds the entry itself for as long as the job lives.
 * @throws NotWhole where an eviction was faster; Error where another process does not let go of the entry
 */
function pin({ store, entry, targets, options }: Task): string {
  const identity = identityOf(entry);
  const lease = alone(store, entry.folder, () => {
    expectThere(entry);
    const made = makeLease(store, options.job);
    writeLease(store, made, { kind: 'pin', entry: entry.folder, identity, targets: [...targets] });
    return made;
  });
  if (lease === undefined) throw new Error('another process has been at the entry for a second');
  return lease;
}

function copyOptions({ options, targets }: Task, choice: Choice, index: number) {
  const { verify, tick, isImmutable } = options;
  const other: Method = choice.reflink ? 'reflink' : 'copy';
  const target = targets[index] as string;
  const methodOf = (item: Item): Method =>
    choice.mode === 'hardlink' && isImmutable(below(target, item.path)) ? 'hardlink' : other;
  return { verify, tick, methodOf };
}

/** A folder on the target's file system to make things in: in the store where a rename reaches, else beside the target. */
function areaFor({ staging, pairs }: Task, target: string, index: number): string {
  const inStore = staging !== undefined && pairs[index]?.rename === true;
  const folder = inStore
    ? below(staging, `area-${index}`)
    : below(parentOf(target), `${besideName}${ownerName(ownerOf(process.pid))}_${randomUUID()}`);
  mkdirSync(toBytes(folder), { mode: 0o700 });
  return folder;
}

/** Swaps what is staged in. What was in the targets goes to the job's trash, or where no rename leads there, away at once. */
function putInPlace(task: Task, stagedOf: (index: number) => string): string[] {
  const { store, targets, pairs, options } = task;
  const trash = store.readOnly ? undefined : makeStaging(store, options.job);
  const areas: string[] = [];
  const moves = targets.map((target, index): Move => {
    const staged = stagedOf(index);
    if (trash !== undefined && pairs[index]?.rename === true)
      return { staged, target, old: below(trash, `old-${index}`) };
    const area = areaFor(task, target, index);
    areas.push(area);
    return { staged, target, old: below(area, `old-${index}`) };
  });
  try {
    swapIn(moves);
  } finally {
    for (const area of areas) drop(area);
  }
  if (trash === undefined) return [];
  try {
    rmdirSync(trash);
    return [];
  } catch {
    return [trash];
  }
}
