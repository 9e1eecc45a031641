import type { RestoreOptions, Restored } from './task.ts';
import { passClockStep } from './clock.ts';
import { NotWhole } from './copy-file.ts';
import { copyItems } from './copy.ts';
import { bytesOf, type Entry, isStillThere, stampUse, treeIn } from './entry.ts';
import { noteGrowth } from './growth.ts';
import { join } from 'node:path';
import { type Lease, makeLease, noteHold, noteLease, type Taken, takeReady } from './lease.ts';
import { holding, inside } from './held.ts';
import { isShared, type Store } from './store.ts';
import { type Choice, chooseMode } from './mode.ts';
import { describeCopy } from './noted.ts';
import { placeApart } from './place-apart.ts';
import { copyOptions, placeCopies } from './place-copies.ts';
import type { Pair } from './probe.ts';
import { putInPlace } from './put-in-place.ts';
import { quarantineEntry } from './removal.ts';
import { dropStaging, makeStaging } from './staging.ts';
import { commonPair, expectThere, probeTask, readMasters, type Task } from './task.ts';
import { type OnExisting, wayTo } from './ways.ts';

/** The entry is not what was saved, and nothing was changed in the targets. */
interface Broken {
  outcome: 'broken';
  why: string;
  /** False where the store may only be read, or links of a running job lead into the entry. */
  quarantined: boolean;
}

/** It was evicted while it was read, or before; there may be another by now. Nothing was changed in the targets. */
interface Gone {
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
  const folder = store.readOnly ? undefined : makeStaging(store);
  try {
    return holding(() => {
      // Before anything is read, so that nobody evicts it meanwhile.
      stampUse(store, entry.folder);
      const ways = targets.map((target, index) => wayTo(target, onExistingAt(options, index)));
      const verify = isShared(store) && options.verify === 'off' ? 'stat' : options.verify;
      const staging = folder === undefined ? undefined : inside(store, folder);
      const here = inside(store, entry.folder);
      return place({ store, entry, here, targets, options: { ...options, verify }, staging, ways });
    });
  } catch (error) {
    if (!(error instanceof NotWhole)) throw error;
    if (!isStillThere(entry)) return { outcome: 'gone' };
    return { outcome: 'broken', why: error.message, quarantined: putOutOfUse(store, entry) };
  } finally {
    if (folder !== undefined) dropStaging(folder);
  }
}

/** Takes an entry out of use. Another process may have found the same, and another entry may be there by now, which stays. */
export function putOutOfUse(store: Store, entry: Entry): boolean {
  return !store.readOnly && quarantineEntry(store, entry.folder, () => isStillThere(entry));
}

function place(task: Task): Restored {
  const { entry, options, ways } = task;
  const { digests, key } = entry.metadata;
  if (options.verify === 'full' && !digests)
    throw new Error(`The entry ${key} was saved without digests, so its content cannot be verified`);
  if (ways.some(({ kind }) => kind !== 'swap')) return placeApart(task);
  const pairs = probeTask(task);
  const pair = commonPair(pairs);
  if (options.consume === true && pair.rename) {
    const trash = putInPlace(task, pairs, (index) => treeIn(task.here, index));
    const why = 'unpacked beside the target and renamed into place';
    return { outcome: 'restored', mode: 'copy', why, trash };
  }
  const choice = chooseMode(options.mode, pair, { leases: options.readyCopies > 0, apart: '' });
  return choice.mode === 'lease' ? placeLease(task, pairs, choice) : placeCopies(task, pairs, choice);
}

/** By a ready copy, or by a new one that becomes ready when the job ends. The first of the two reads no inventory: a rename is all. */
function placeLease(task: Task, pairs: readonly Pair[], choice: Choice): Restored {
  const { store, entry, options } = task;
  const ready = takeReady(store, entry, options.job, options.verify, options.tick);
  const lease = ready?.folder ?? makeLease(store, options.job);
  const here = inside(store, lease);
  let inventories = ready?.inventories ?? [];
  let trash: string[];
  try {
    // First of all: what is held is not evicted, however long the copy takes.
    noteHold(store, lease, 'copy', entry);
    if (ready === undefined) {
      const masters = readMasters(task);
      for (const [index, items] of masters.entries())
        copyItems(treeIn(task.here, index), treeIn(here, index), items, copyOptions(task, choice, index));
      expectThere(entry);
      inventories = describeCopy(here, masters, options.tick);
      noteGrowth(store, bytesOf(entry.metadata));
    }
    trash = putInPlace(task, pairs, (index) => treeIn(here, index));
  } catch (error) {
    dropStaging(lease);
    throw error;
  }
  const held = notePlaced(task, { folder: lease, inventories }, ready === undefined);
  const result = { outcome: 'restored', trash, ...(held === undefined ? {} : { lease: held }) } as const;
  if (ready !== undefined) return { ...result, mode: 'lease', why: choice.why };
  const why = 'the first one on this machine: what was copied is a ready copy from now on';
  return { ...result, mode: choice.reflink ? 'reflink' : 'copy', why };
}

/** Looks at what was put in its places. `undefined` where that cannot be: the files are there, which is what counts, and stay the job's. */
function notePlaced(
  { store, entry, targets }: Task,
  { folder, inventories }: Taken,
  isNew: boolean,
): Lease | undefined {
  try {
    const { lease, held } = noteLease(store, folder, 'copy', entry, targets, inventories);
    // For what was looked at just now. The files of a ready copy were looked at when it was given back.
    if (isNew || held.targets.some(({ kind }) => kind !== 'directory'))
      passClockStep(join(inside(store, folder), 'lease.json'));
    return lease;
  } catch {
    dropStaging(folder);
    return undefined;
  }
}

function onExistingAt({ onExisting }: RestoreOptions, index: number): OnExisting {
  return typeof onExisting === 'string' ? onExisting : (onExisting[index] ?? 'update');
}
