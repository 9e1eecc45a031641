import { diskOf, isUnknown } from '@runner-actions/host';
import { asOwnerOf, removeAsRoot } from './as-owner.ts';
import { type EvictionResult, collect, type CollectOptions } from './evict.ts';
import type { Bounds } from './eviction-plan.ts';
import { type CheckReport, checkStore } from './fsck.ts';
import { findStore } from './root.ts';
import type { Evictable } from './evictables.ts';
import { type Statistics, statisticsOf } from './statistics.ts';
import type { Store } from './store.ts';
import { StoreUnusable } from './store-errors.ts';
import { type Usage, usageOf } from './disk-usage.ts';

/**
 * The functions of the store command, for a store's root. None of them creates a store. Root acts as the store's owner,
 * and removes as root only what the owner could not. All throw NotAStore if there is no store, and StoreUnusable if it
 * cannot be used.
 */

/** The contents of a store by repository, and its disk usage. */
export interface StoreReport {
  statistics: Statistics;
  usage: Usage;
}

export function surveyStore(root: string): StoreReport {
  const [store, statistics] = asOwnerOf(root, () => {
    const found = findStore(root);
    return [found, statisticsOf(found)] as const;
  });
  return { statistics, usage: usageOf(store) };
}

/** What to remove. */
export interface EvictionRequest {
  /** Bounds for the disk's total bytes, or a filter of entries, copies and quarantine that ignores the bounds. */
  what: { boundsOn: (totalBytes: number) => Bounds } | { fits: (one: Evictable) => boolean };
  /** Changes nothing. */
  dryRun: boolean;
}

interface Cleared {
  /** `busy`: another process is evicting, and nothing was done. */
  collected: EvictionResult | 'busy';
  /** Disk usage afterwards. */
  usage: Usage;
  /** Bytes of entries and copies afterwards. */
  keptBytes: number;
}

/**
 * Evicts to the bounds, or removes the chosen items, and removes what dead jobs left. Never removes what a job holds.
 */
export async function clearStore(root: string, { what, dryRun }: EvictionRequest): Promise<Cleared> {
  asOwnerOf(root, () => findStore(root));
  const [bounds, more] = 'fits' in what ? chosen(what.fits) : await bounded(root, what.boundsOn);
  const [store, collected] = asOwnerOf(root, () => {
    const found = findStore(root);
    return [found, collect(found, bounds, { ...more, now: Date.now(), dryRun })] as const;
  });
  const done = collected === 'busy' || dryRun ? collected : withRoot(root, collected);
  return { collected: done, usage: usageOf(store), keptBytes: keptBytes(store) };
}

type Choice = readonly [Bounds, Pick<CollectOptions, 'freeBytes' | 'chosen'>];

async function bounded(root: string, boundsOn: (totalBytes: number) => Bounds): Promise<Choice> {
  const disk = await diskOf(root);
  if (isUnknown(disk)) throw new StoreUnusable(disk.unknown);
  return [boundsOn(disk.totalBytes), { freeBytes: disk.availableBytes }];
}

function chosen(fits: (one: Evictable) => boolean): Choice {
  const none = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };
  const choose: CollectOptions['chosen'] = (evictables) =>
    evictables.filter((one) => !one.held && fits(one)).map((one) => ({ ...one, why: 'asked' }));
  return [none, { freeBytes: 0, chosen: choose }];
}

function withRoot(root: string, collected: EvictionResult): EvictionResult {
  const left = removeAsRoot(root, collected.left);
  return { ...collected, left, debris: collected.debris + collected.left.length - left.length };
}

function keptBytes(store: Store): number {
  const { bytes, copyBytes } = asOwnerOf(store.root, () => statisticsOf(store));
  return bytes + copyBytes;
}

/**
 * Checks every file of the store; with `full`, also its content.
 * @param repair moves damaged entries to quarantine
 */
export function inspectStore(
  root: string,
  { full, repair }: { full: boolean; repair: boolean },
): { checked: CheckReport; keptBytes: number } {
  const [store, checked] = asOwnerOf(root, () => {
    const found = findStore(root);
    return [found, checkStore(found, { full, repair: repair && !found.readOnly })] as const;
  });
  return { checked, keptBytes: keptBytes(store) };
}
