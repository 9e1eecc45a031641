/** How large a store may be. `undefined`: no bound. */
export interface Bounds {
  maxBytes: number | undefined;
  /** Milliseconds since the last use. */
  maxAge: number | undefined;
  /** What the disk must have left. */
  minFreeBytes: number | undefined;
}

/** Something that the store keeps. */
export interface Kept {
  folder: string;
  /** `undefined`: it is no entry that can be read. */
  key: string | undefined;
  bytes: number;
  /** Milliseconds since the epoch. */
  lastUse: number;
}

export interface Eviction extends Kept {
  why: 'age' | 'size' | 'space' | 'debris';
}

/** What was used, or saved, this short a time ago may be in use: a restore marks its entry before it copies. */
export const grace = 10 * 60_000;
/** What is no entry is looked at by a person, or by nobody, within a week. */
const debrisAge = 7 * 24 * 3_600_000;

/** What has to go, the least recently used first. Pure. */
export function planEviction(
  kept: readonly Kept[],
  { maxBytes, maxAge, minFreeBytes }: Bounds,
  { freeBytes, now }: { freeBytes: number; now: number },
): Eviction[] {
  const byUse = kept.toSorted((one, other) => one.lastUse - other.lastUse);
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  let free = freeBytes;
  const plan: Eviction[] = [];
  for (const one of byUse) {
    const age = now - one.lastUse;
    if (age < grace) break;
    const why = reasonFor(one, age);
    if (why === undefined) continue;
    plan.push({ ...one, why });
    total -= one.bytes;
    free += one.bytes;
  }
  return plan;

  function reasonFor({ key }: Kept, age: number): Eviction['why'] | undefined {
    if (key === undefined) return age > debrisAge ? 'debris' : undefined;
    if (maxAge !== undefined && age > maxAge) return 'age';
    if (maxBytes !== undefined && total > maxBytes) return 'size';
    return minFreeBytes !== undefined && free < minFreeBytes ? 'space' : undefined;
  }
}
