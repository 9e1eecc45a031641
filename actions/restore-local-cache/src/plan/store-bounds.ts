import type { Config, Policy, SizeOrShare } from '@runner-actions/config';
import { formatBytes, formatDuration } from '@runner-actions/core';
import type { Bounds } from '@runner-actions/store';
import type { BoundsInputs } from '../inputs.ts';

/** The limits of the store, with all defaults filled in. */
export interface StoreBounds extends BoundsInputs {
  maxSize: SizeOrShare;
  maxAge: number;
  minFree: SizeOrShare;
}

/** Returns the limits from the inputs, otherwise from the team's configuration, otherwise the defaults. */
export function mergeBounds(given: BoundsInputs, team: Config['cache'] = {}): StoreBounds {
  return {
    maxSize: given.maxSize ?? team['max-size'] ?? { share: 0.2 },
    maxRepositorySize: given.maxRepositorySize,
    maxAge: given.maxAge ?? team['max-age'] ?? 30 * 24 * 3_600_000,
    minFree: given.minFree ?? team['min-free'] ?? { share: 0.1 },
  };
}

/** Limits of the team and of the machine policy together. The stricter one counts. */
export interface ResolvedBounds {
  maxSizes: readonly SizeOrShare[];
  maxRepositorySize: SizeOrShare | undefined;
  maxAge: number;
  minFrees: readonly SizeOrShare[];
}

/**
 * Combines the team's limits with the machine policy. A size and a share can be compared only when the size of the
 * disk is known, so both are kept.
 * @returns the combined limits, and a text for each limit of the policy that may be the stricter one
 */
export function limitBounds(
  { maxSize, maxRepositorySize, maxAge, minFree }: StoreBounds,
  policy: Policy['cache'] = {},
): { bounds: ResolvedBounds; limits: string[] } {
  const { 'max-size': size, 'max-age': age = maxAge, 'min-free': free } = policy;
  const limits = [
    ...(size !== undefined && mayBeLess(size, maxSize) ? [`'max-size' to ${formatBound(size)}`] : []),
    ...(age < maxAge ? [`'max-age' to ${formatDuration(age)}`] : []),
    ...(free !== undefined && mayBeLess(minFree, free)
      ? [`'min-free' to at least ${formatBound(free)}`]
      : []),
  ];
  const bounds = {
    maxSizes: size === undefined ? [maxSize] : [maxSize, size],
    maxRepositorySize,
    maxAge: Math.min(maxAge, age),
    minFrees: free === undefined ? [minFree] : [minFree, free],
  };
  return { bounds, limits };
}

function mayBeLess(one: SizeOrShare, other: SizeOrShare): boolean {
  if ('bytes' in one && 'bytes' in other) return one.bytes < other.bytes;
  return 'bytes' in one || 'bytes' in other || one.share < other.share;
}

function formatBound(bound: SizeOrShare): string {
  return 'bytes' in bound
    ? formatBytes(bound.bytes)
    : `${Number((bound.share * 100).toFixed(2))} % of the disk`;
}

/** Converts the limits to bytes for a disk of `totalBytes`. */
export function boundsInBytes(
  totalBytes: number,
  { maxSizes, maxRepositorySize, maxAge, minFrees }: ResolvedBounds,
): Bounds {
  const bytes = (bound: SizeOrShare): number => ('bytes' in bound ? bound.bytes : bound.share * totalBytes);
  return {
    maxBytes: Math.min(...maxSizes.map(bytes)),
    maxRepositoryBytes: maxRepositorySize === undefined ? undefined : bytes(maxRepositorySize),
    maxAge,
    minFreeBytes: Math.max(...minFrees.map(bytes)),
  };
}
