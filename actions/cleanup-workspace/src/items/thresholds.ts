import type { ReclaimName } from '@runner-actions/config';
import type { Disk } from '@runner-actions/host';
import { itemNames } from '../item.ts';

/** The input `reclaim`. `auto`: what the machine's policy allows; if it does not say that, what is ours. */
export type Reclaim = 'auto' | 'off' | readonly ReclaimName[];

/** Used shares from 0 to 1: reclaiming starts above `high` and stops at `low` or below. */
export interface Levels {
  high: number;
  low: number;
}

/** What belongs to Runner Actions. */
const ours: readonly ReclaimName[] = ['caches'];

export type Space = Pick<
  Disk,
  'totalBytes' | 'freeBytes' | 'availableBytes' | 'totalInodes' | 'availableInodes'
>;

/**
 * Returns which items may be reclaimed, in the order of their costs.
 * @param allowed items that the machine's policy allows; `undefined` if the policy does not say it
 */
export function wantedItems(reclaim: Reclaim, allowed: readonly ReclaimName[] | undefined): ReclaimName[] {
  if (reclaim === 'off') return [];
  const asked = reclaim === 'auto' ? (allowed ?? ours) : reclaim;
  const isWanted = (names: readonly string[], name: string) => names.includes(name);
  return itemNames.filter(
    (name): name is ReclaimName => isWanted(asked, name) && isWanted(allowed ?? asked, name),
  );
}

/**
 * Returns the used shares of bytes and inodes as `df` and `df -i` show them, but not rounded. Bytes reserved for root
 * are not available, and do not count as used either. Source: GNU coreutils, df.c.
 */
export function usedShares(space: Space): { bytes: number; inodes: number } {
  const { totalBytes, freeBytes, availableBytes, totalInodes, availableInodes } = space;
  const used = totalBytes - freeBytes;
  return {
    bytes: used + availableBytes <= 0 ? 0 : used / (used + availableBytes),
    inodes: totalInodes <= 0 ? 0 : (totalInodes - availableInodes) / totalInodes,
  };
}

/** Returns whether a disk is low on bytes or inodes. */
export function isLow(space: Space, { high }: Levels): boolean {
  const { bytes, inodes } = usedShares(space);
  return bytes > high || inodes > high;
}

/** Returns whether a disk has enough of both again. */
export function isRelieved(space: Space, { low }: Levels): boolean {
  const { bytes, inodes } = usedShares(space);
  return bytes <= low && inodes <= low;
}

/** Returns how many bytes and inodes a disk needs to have enough of both again. */
export function lackOf(space: Space, { low }: Levels): { bytes: number; inodes: number } {
  const { totalBytes, freeBytes, availableBytes, totalInodes, availableInodes } = space;
  const usable = totalBytes - freeBytes + availableBytes;
  const lack = (all: number, free: number): number => Math.max(0, Math.ceil(all * (1 - low) - free));
  return { bytes: lack(usable, availableBytes), inodes: lack(totalInodes, availableInodes) };
}

/** Describes a disk for people, such as `/data is 91 % full (inodes: 12 %)`. Percents are rounded up, as in `df`. */
export function describeDisk(space: Space & Pick<Disk, 'path' | 'mountPoint'>): string {
  const { bytes, inodes } = usedShares(space);
  const percent = (share: number) => `${Math.ceil(share * 100)} %`;
  return `${space.mountPoint ?? space.path} is ${percent(bytes)} full (inodes: ${percent(inodes)})`;
}
