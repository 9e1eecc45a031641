import { type EvictionResult, collect } from './evict.ts';
import { type Eviction, grace, planEviction } from './eviction-plan.ts';
import { listEvictables } from './evictables.ts';
import { requireWritable } from './layout.ts';
import type { Store } from './store.ts';

const unbounded = { maxBytes: undefined, maxAge: undefined };

/**
 * Plans what to evict so that a disk gets more free space than the store's own limits ask for: least recently used
 * first, never what a job holds or used recently. Changes nothing.
 * @param lack what the disk lacks
 */
export function planRoom(store: Store, lack: { bytes: number; inodes: number }, now: number): Eviction[] {
  const bounds = { ...unbounded, minFreeBytes: lack.bytes, minFreeInodes: lack.inodes };
  return planEviction(listEvictables(store), bounds, { freeBytes: 0, freeInodes: 0, now });
}

/** What identifies a planned eviction. */
export type PlannedEviction = Pick<Eviction, 'folder' | 'lastUse'>;

/**
 * Evicts what was planned, in that order, except what was used or replaced since. Also removes what dead jobs left.
 * @param isEnough asked before each removal: whether to stop
 * @returns `busy` if another process is evicting, and nothing was done
 * @throws StoreUnusable if the store is read-only
 */
export function makeRoom(
  store: Store,
  planned: readonly PlannedEviction[],
  now: number,
  isEnough: () => boolean,
): EvictionResult | 'busy' {
  requireWritable(store);
  const bounds = { ...unbounded, minFreeBytes: undefined };
  return collect(store, bounds, {
    ...{ freeBytes: 0, now, stop: isEnough },
    chosen: (evictables) => {
      const found = new Map(evictables.map((one) => [one.folder, one]));
      return planned.flatMap(({ folder, lastUse }): Eviction[] => {
        const one = found.get(folder);
        const isPlanned = one?.held === false && one.lastUse === lastUse && now - lastUse >= grace;
        return isPlanned ? [{ ...one, why: 'space' }] : [];
      });
    },
  });
}
