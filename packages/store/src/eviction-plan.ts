import type { Evictable } from './evictables.ts';

/** How large a store may be. `undefined`: no bound. */
export interface Bounds {
  maxBytes: number | undefined;
  /** Of all entries of one repository. */
  maxRepositoryBytes?: number | undefined;
  /** Milliseconds since the last use. */
  maxAge: number | undefined;
  /** What the disk must have left. */
  minFreeBytes: number | undefined;
}

export interface Eviction extends Evictable {
  why: 'age' | 'quota' | 'size' | 'space' | 'debris' | 'asked';
}

/** What was used, or saved, this short a time ago may be in use: a restore marks its entry before it copies. */
export const grace = 10 * 60_000;
/** What is no entry is looked at by a person, or by nobody, within a week. */
const debrisAge = 7 * 24 * 3_600_000;

/**
 * What has to go, the least recently used first; of one entry the spare copies before the entry itself. Nothing that a job
 * holds, and nothing that was used a moment ago. A use that seems to lie ahead (the clock was set back) counts as now. Pure.
 * @param at.spare how short a time ago that is
 */
export function planEviction(
  evictables: readonly Evictable[],
  bounds: Bounds,
  { freeBytes, now, spare = grace }: { freeBytes: number; now: number; spare?: number },
): Eviction[] {
  const { maxBytes, maxRepositoryBytes, maxAge, minFreeBytes } = bounds;
  const byUse = evictables
    .map((one) => ({ ...one, lastUse: Math.min(one.lastUse, now) }))
    .toSorted((one, other) => one.lastUse - other.lastUse);
  let total = sumOf(byUse);
  let free = freeBytes;
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
    perRepository.set(one.repository, (perRepository.get(one.repository) ?? 0) - one.bytes);
  }
  return plan;

  function reasonFor({ key, repository }: Evictable, age: number): Eviction['why'] | undefined {
    if (key === undefined) return age > debrisAge ? 'debris' : undefined;
    if (maxAge !== undefined && age > maxAge) return 'age';
    if (maxRepositoryBytes !== undefined && (perRepository.get(repository) ?? 0) > maxRepositoryBytes)
      return 'quota';
    if (maxBytes !== undefined && total > maxBytes) return 'size';
    return minFreeBytes !== undefined && free < minFreeBytes ? 'space' : undefined;
  }
}

export function sumOf(evictables: readonly Pick<Evictable, 'bytes'>[]): number {
  return evictables.reduce((sum, { bytes }) => sum + bytes, 0);
}
