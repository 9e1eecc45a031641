import type { Evictable } from './evictables.ts';

/** Limits of a store's size. `undefined`: no limit. */
export interface Bounds {
  maxBytes: number | undefined;
  /** Bytes of all entries of one repository. */
  maxRepositoryBytes?: number | undefined;
  /** Milliseconds since the last use. */
  maxAge: number | undefined;
  /** Free bytes that the disk must have. */
  minFreeBytes: number | undefined;
  /** Free inodes that the disk must have. */
  minFreeInodes?: number | undefined;
}

export interface Eviction extends Evictable {
  why: 'age' | 'quota' | 'size' | 'space' | 'debris' | 'asked';
}

/** How long an item counts as in use after its last use or save, in milliseconds. A restore records the use before it copies. */
export const grace = 10 * 60_000;
/** Milliseconds that a damaged item is kept. Nobody will inspect it after a week. */
const debrisAge = 7 * 24 * 3_600_000;

interface EvictionFacts {
  freeBytes: number;
  freeInodes?: number | undefined;
  now: number;
  /** Milliseconds after its last use or save during which an item counts as in use. */
  spare?: number;
}

/**
 * Plans what to evict, least recently used first; spare copies of an entry before the entry itself. Never evicts what a
 * job holds or what was used recently. A use in the future (the clock was set back) counts as now. Pure.
 */
export function planEviction(
  evictables: readonly Evictable[],
  bounds: Bounds,
  { freeBytes, freeInodes = Infinity, now, spare = grace }: EvictionFacts,
): Eviction[] {
  const { maxBytes, maxRepositoryBytes, maxAge, minFreeBytes = 0, minFreeInodes = 0 } = bounds;
  const byUse = evictables
    .map((one) => ({ ...one, lastUse: Math.min(one.lastUse, now) }))
    .toSorted((one, other) => one.lastUse - other.lastUse);
  let total = sumOf(byUse);
  let [free, inodes] = [freeBytes, freeInodes];
  const perRepository = new Map<string, number>();
  for (const { repository, bytes } of byUse)
    perRepository.set(repository, (perRepository.get(repository) ?? 0) + bytes);
  const plan: Eviction[] = [];
  for (const one of byUse) {
    if (now - one.lastUse < spare) break;
    const why = one.held ? undefined : reasonFor(one, now - one.lastUse);
    if (why === undefined) continue;
    plan.push({ ...one, why });
    total -= one.bytes;
    free += one.bytes;
    inodes += one.files;
    perRepository.set(one.repository, (perRepository.get(one.repository) ?? 0) - one.bytes);
  }
  return plan;

  function reasonFor({ key, repository }: Evictable, age: number): Eviction['why'] | undefined {
    if (key === undefined) return age > debrisAge ? 'debris' : undefined;
    if (maxAge !== undefined && age > maxAge) return 'age';
    if (maxRepositoryBytes !== undefined && (perRepository.get(repository) ?? 0) > maxRepositoryBytes)
      return 'quota';
    if (maxBytes !== undefined && total > maxBytes) return 'size';
    return free < minFreeBytes || inodes < minFreeInodes ? 'space' : undefined;
  }
}

export function sumOf(evictables: readonly Pick<Evictable, 'bytes'>[]): number {
  return evictables.reduce((sum, { bytes }) => sum + bytes, 0);
}
