import { randomUUID } from 'node:crypto';
import { lstatSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import { heldEntries } from './lease.ts';
import { type Bounds, type Eviction, grace, planEviction, sumOf } from './eviction-plan.ts';
import { listFolders, listSpaceFolders, readEntry } from './entry.ts';
import { groupBy } from './group-by.ts';
import { type Estimate, readEstimate, resetEstimate } from './size-estimate.ts';
import { readKeys, recordKey, rewriteKeys } from './keys.ts';
import { safePath, withSafePaths, safeFolder } from './safe-paths.ts';
import { format, deleteReserve, requireWritable, createReserve } from './layout.ts';
import { type Store } from './store.ts';
import { isDigest } from './folder-names.ts';
import type { Inaccessible } from './inaccessible.ts';
import { releaseLock, sweepLocks, takeLock } from './lock.ts';
import { type Evictable, listEvictables } from './evictables.ts';
import { removeRecord } from './records.ts';
import { removeEntry } from './remove-entry.ts';
import { sweepStaging, removeFolder } from './staging.ts';
import { usageOf } from './disk-usage.ts';

export interface EvictionResult {
  /** What was evicted, or would be with `dryRun`. */
  evicted: Eviction[];
  /** Bytes of evicted entries and copies, without what could not be removed. */
  bytes: number;
  /** Number of entries and copies that exceed the bounds but were used recently. */
  spared: number;
  /** Folders of dead processes and jobs that were removed, or would be with `dryRun`. */
  debris: number;
  /** What this user could not remove, or could not with `dryRun`. */
  left: Inaccessible[];
}

export interface CollectOptions {
  /** Free disk space for unprivileged processes. */
  freeBytes: number;
  now: number;
  dryRun?: boolean;
  /** Chooses what to evict, instead of the bounds. */
  chosen?: (evictables: readonly Evictable[]) => Eviction[];
  /** Asked before each removal; once it returns true, nothing more is evicted. */
  stop?: () => boolean;
}

/**
 * Evicts until the store fits its bounds, removes leftovers, and compacts the index of keys. Only one process at a time
 * evicts in a store: the others get `busy`. Each entry is removed by a rename, so that a reader sees all of it or
 * nothing.
 */
export function collect(store: Store, bounds: Bounds, options: CollectOptions): EvictionResult | 'busy' {
  requireWritable(store);
  return withSafePaths(() => collectLocked(store, bounds, options));
}

/**
 * Milliseconds between two scans of a store that seems to fit, to find entries that are too old. A scan of a large
 * store takes time.
 */
const fullScanInterval = 3_600_000;

/**
 * Evicts like `collect`, but only if the store may exceed its bounds.
 * @returns `undefined` if nothing was done: the store fits, or another process is evicting
 */
export function evictIfNeeded(store: Store, bounds: Bounds, freeBytes: number): EvictionResult | undefined {
  if (fits(readEstimate(store), bounds, freeBytes)) return undefined;
  const collected = collect(store, bounds, { freeBytes, now: Date.now() });
  return collected === 'busy' ? undefined : collected;
}

/** Returns whether the estimate fits all bounds. A bound per repository always needs a scan. */
function fits({ bytes, countedAt }: Estimate, bounds: Bounds, freeBytes: number): boolean {
  return (
    Date.now() - countedAt < fullScanInterval &&
    bytes <= (bounds.maxBytes ?? Infinity) &&
    freeBytes >= (bounds.minFreeBytes ?? 0) &&
    bounds.maxRepositoryBytes === undefined
  );
}

function collectLocked(
  store: Store,
  bounds: Bounds,
  { freeBytes, now, dryRun = false, chosen, stop = () => false }: CollectOptions,
): EvictionResult | 'busy' {
  const locks = safeFolder(store, join(store.root, 'locks'));
  const lock = join(locks, 'collect');
  const mine = { owner: ownerOf(process.pid), job: randomUUID(), purpose: 'eviction' };
  const chooseFrom = (evictables: readonly Evictable[]): { chosen: Eviction[]; spared: number } => {
    if (chosen !== undefined) return { chosen: chosen(evictables), spared: 0 };
    const [all, old] = [0, grace].map((spare) => planEviction(evictables, bounds, { freeBytes, now, spare }));
    return { chosen: old ?? [], spared: (all?.length ?? 0) - (old?.length ?? 0) };
  };
  deleteReserve(store);
  try {
    if (takeLock(lock, mine, maxEvictionTime) !== 'taken') return 'busy';
    if (dryRun) {
      const { chosen: evicted, spared } = chooseFrom(listEvictables(store));
      const { leftovers, stuck } = usageOf(store, now);
      const debris = leftovers.folders - stuck.length;
      return { evicted, bytes: sumOf(evicted), spared, debris, left: stuck };
    }
    const left: Inaccessible[] = [];
    const debris = sweepStaging(store, now, left);
    sweepLocks(locks, { ...mine, job: randomUUID() });
    const evictables = listEvictables(store);
    const residues: Inaccessible[] = [];
    const { chosen: plan, spared } = chooseFrom(evictables);
    const evicted = plan.filter((one) => !stop() && evict(store, one, residues));
    compactKeys(store, evictables);
    resetEstimate(store, sumOf(evictables) - sumOf(evicted));
    const stays = residues.filter(({ path }) => path.startsWith(join(store.root, 'staging')));
    const bytes = Math.max(0, sumOf(evicted) - sumOf(stays));
    return { evicted, bytes, spared, debris, left: [...left, ...residues] };
  } finally {
    releaseLock(lock, mine);
    createReserve(store);
  }
}

/** Milliseconds after which the lock is stale if its process cannot be checked. No eviction takes that long. */
const maxEvictionTime = 3_600_000;

/** Evicts one item. Returns false if it is gone or in use: a job may have taken it since the plan was made. */
function evict(store: Store, { folder, kind, lastUse, why }: Eviction, left: Inaccessible[]): boolean {
  if (kind === 'entry') {
    const isFree = (): boolean =>
      !heldEntries(store).has(folder) && (why === 'asked' || !wasUsedSince(folder, lastUse));
    return removeEntry(store, folder, isFree, left);
  }
  return removeFolder(store, folder, left);
}

/** A restore records its use of an entry before it reads it. */
function wasUsedSince(folder: string, then: number): boolean {
  return (lstatSync(join(folder, 'used'), { throwIfNoEntry: false })?.mtimeMs ?? 0) > Math.max(then, 0) + 1;
}

/**
 * Compacts the index of keys: removes keys without an entry if they outnumber the others, adds missing keys, and
 * removes empty folders. A key is missing if a save was killed while the index was rewritten.
 */
function compactKeys(store: Store, evictables: readonly Evictable[]): void {
  const saved = groupBy(evictables, ({ folder }) => dirname(folder));
  for (const space of listSpaceFolders(store)) {
    const entries = listFolders(space, isDigest);
    if (entries.length === 0 && withSafePaths(() => removeEmptySpace(store, space))) continue;
    const keys = readKeys(space);
    const known = new Set(keys.map(({ key }) => key));
    const lacksOne = saved.get(space)?.some(({ key }) => key !== undefined && !known.has(key)) ?? false;
    if (keys.length > 2 * entries.length + 16 || entries.length === 0 || lacksOne) rebuildKeys(store, space);
  }
}

/**
 * Removes the folder of a version without entries. Returns false if an entry was saved meanwhile: its key must be
 * written again. A save whose folder was removed creates it again.
 */
function removeEmptySpace(store: Store, space: string): boolean {
  removeRecord(safePath(store, join(space, 'keys')));
  try {
    rmdirSync(safePath(store, space));
  } catch {
    return false;
  }
  const top = join(store.root, format);
  for (let folder = dirname(space); folder !== top; folder = dirname(folder))
    tryRemoveFolder(safePath(store, folder));
  return true;
}

/** Rebuilds the index of a version's folder from its entries. */
export function rebuildKeys(store: Store, space: string): void {
  const records = listFolders(space, isDigest).flatMap((folder) => {
    const metadata = readEntry(folder)?.metadata;
    return metadata === undefined ? [] : [{ key: metadata.key, createdAt: metadata.createdAt }];
  });
  rewriteKeys(store, space, records);
  // A concurrent save may have added its key to the old index.
  const known = new Set(records.map(({ key }) => key));
  for (const folder of listFolders(space, isDigest)) {
    const metadata = readEntry(folder)?.metadata;
    if (metadata !== undefined && !known.has(metadata.key)) recordKey(store, space, metadata);
  }
}

function tryRemoveFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // The folder is not empty, or gone.
  }
}
