import type { RestoreOptions, Restored } from './restore-task.ts';
import { passClockStep } from './clock.ts';
import { TreeMismatch } from './copy-file.ts';
import { copyItems } from './copy.ts';
import { bytesOf, type Entry, isSameFolder, recordUse, treePath } from './entry.ts';
import { addToEstimate } from './size-estimate.ts';
import { join } from 'node:path';
import { type Lease, makeLease, writeHold, writeLease, type TakenCopy, takeReadyCopy } from './lease.ts';
import { withSafePaths, safeFolder } from './safe-paths.ts';
import { isShared, type Store } from './store.ts';
import { type Choice, chooseMode } from './mode.ts';
import { writeCopyInventories } from './lease-inventories.ts';
import { placeWithoutSwap } from './place-without-swap.ts';
import { copyOptions, placeCopies } from './place-copies.ts';
import type { Capabilities } from './probe.ts';
import { putInPlace } from './put-in-place.ts';
import { quarantineEntry } from './remove-entry.ts';
import { removeStagingFolder, makeStaging } from './staging.ts';
import {
  commonCapabilities,
  expectCurrent,
  probeTask,
  readInventories,
  type RestoreTask,
} from './restore-task.ts';
import { type OnExisting, choosePlacement } from './placement.ts';

/** The entry is damaged. The targets were not changed. */
interface Broken {
  outcome: 'broken';
  why: string;
  /** False if the store is read-only, or if links of a running job lead into the entry. */
  quarantined: boolean;
}

/**
 * The entry was evicted before or during the restore. Another one may have been saved since. The targets were not
 * changed.
 */
interface Gone {
  outcome: 'gone';
}

/**
 * Restores the entry's trees to `targets`, in the order of `metadata.trees`: all of them or none.
 * @param targets absolute paths, one character per byte
 * @throws Error from the file system of the targets, which are left as they were
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
    return withSafePaths(() => {
      // Record the use before reading, so that no other process evicts the entry meanwhile.
      recordUse(store, entry.folder);
      const placements = targets.map((target, index) =>
        choosePlacement(target, onExistingAt(options, index)),
      );
      const verify = isShared(store) && options.verify === 'off' ? 'stat' : options.verify;
      const staging = folder === undefined ? undefined : safeFolder(store, folder);
      const entryPath = safeFolder(store, entry.folder);
      return place({
        store,
        entry,
        entryPath,
        targets,
        options: { ...options, verify },
        staging,
        placements,
      });
    });
  } catch (error) {
    if (!(error instanceof TreeMismatch)) throw error;
    if (!isSameFolder(entry)) return { outcome: 'gone' };
    return { outcome: 'broken', why: error.message, quarantined: retireEntry(store, entry) };
  } finally {
    if (folder !== undefined) removeStagingFolder(folder);
  }
}

/**
 * Moves a damaged entry to quarantine. Another process may have done that already. An entry that was saved there since
 * stays.
 * @returns whether this call moved it
 */
export function retireEntry(store: Store, entry: Entry): boolean {
  return !store.readOnly && quarantineEntry(store, entry.folder, () => isSameFolder(entry));
}

function place(task: RestoreTask): Restored {
  const { entry, options, placements } = task;
  const { digests, key } = entry.metadata;
  if (options.verify === 'full' && !digests)
    throw new Error(`The entry ${key} was saved without digests, so its content cannot be verified`);
  if (placements.some(({ kind }) => kind !== 'swap')) return placeWithoutSwap(task);
  const capabilities = probeTask(task);
  const common = commonCapabilities(capabilities);
  if (options.consume === true && common.rename) {
    const trash = putInPlace(task, capabilities, (index) => treePath(task.entryPath, index));
    const why = 'unpacked next to the target and renamed into place';
    return { outcome: 'restored', mode: 'copy', why, trash };
  }
  const choice = chooseMode(options.mode, common, { leases: options.readyCopies > 0, whyNoSwap: '' });
  return choice.mode === 'lease'
    ? placeLease(task, capabilities, choice)
    : placeCopies(task, capabilities, choice);
}

/**
 * Restores a ready copy, or a new copy that becomes a ready copy when the job ends. A ready copy needs no inventory: a
 * rename is enough.
 */
function placeLease(task: RestoreTask, capabilities: readonly Capabilities[], choice: Choice): Restored {
  const { store, entry, options } = task;
  const ready = takeReadyCopy(store, entry, options.job, options.verify, options.tick);
  const lease = ready?.folder ?? makeLease(store, options.job);
  const here = safeFolder(store, lease);
  let inventories = ready?.inventories ?? [];
  let trash: string[];
  try {
    // Write the hold first: a held entry is not evicted, however long the copy takes.
    writeHold(store, lease, 'copy', entry);
    if (ready === undefined) {
      const entryInventories = readInventories(task);
      for (const [index, items] of entryInventories.entries())
        copyItems(
          treePath(task.entryPath, index),
          treePath(here, index),
          items,
          copyOptions(task, choice, index),
        );
      expectCurrent(entry);
      inventories = writeCopyInventories(here, entryInventories, options.tick);
      addToEstimate(store, bytesOf(entry.metadata));
    }
    trash = putInPlace(task, capabilities, (index) => treePath(here, index));
  } catch (error) {
    removeStagingFolder(lease);
    throw error;
  }
  const held = recordPlaced(task, { folder: lease, inventories }, ready === undefined);
  const result = { outcome: 'restored', trash, ...(held === undefined ? {} : { lease: held }) } as const;
  if (ready !== undefined) return { ...result, mode: 'lease', why: choice.why };
  const why = 'the first restore on this machine: this copy becomes a ready copy when the job ends';
  return { ...result, mode: choice.reflink ? 'reflink' : 'copy', why };
}

/**
 * Records the inodes of the restored trees in the lease. Returns `undefined` if that fails: the files are in place and
 * the job keeps them.
 */
function recordPlaced(
  { store, entry, targets }: RestoreTask,
  { folder, inventories }: TakenCopy,
  isNew: boolean,
): Lease | undefined {
  try {
    const { lease, held } = writeLease(store, folder, 'copy', entry, targets, inventories);
    // Only for files that were inspected now. The files of a ready copy were inspected when it was returned.
    if (isNew || held.targets.some(({ kind }) => kind !== 'directory'))
      passClockStep(join(safeFolder(store, folder), 'lease.json'));
    return lease;
  } catch {
    removeStagingFolder(folder);
    return undefined;
  }
}

function onExistingAt({ onExisting }: RestoreOptions, index: number): OnExisting {
  return typeof onExisting === 'string' ? onExisting : (onExisting[index] ?? 'update');
}
