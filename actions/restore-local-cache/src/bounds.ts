import type { Policy, SizeOrShare } from '@runner-actions/config';
import type { Bounds } from '@runner-actions/store';
import type { StoreBounds } from './inputs.ts';

/** Bounds of which some hold at once: a machine's policy adds to what the team asks for, and the stricter one counts. */
export interface SettledBounds {
  maxSizes: readonly SizeOrShare[];
  maxRepositorySize: SizeOrShare | undefined;
  maxAge: number;
  minFrees: readonly SizeOrShare[];
}

/** The team's bounds within the machine's. A size and a share are compared only where the disk is known, so both are kept. */
export function limitBounds(
  { maxSize, maxRepositorySize, maxAge, minFree }: StoreBounds,
  policy: Policy['cache'] = {},
): { bounds: SettledBounds; limits: string[] } {
  const { 'max-size': size, 'max-age': age = maxAge, 'min-free': free } = policy;
  const limits = [
    ...(size === undefined ? [] : ['max-size']),
    ...(age < maxAge ? ['max-age'] : []),
    ...(free === undefined ? [] : ['min-free']),
  ];
  const bounds = {
    maxSizes: size === undefined ? [maxSize] : [maxSize, size],
    maxRepositorySize,
    maxAge: Math.min(maxAge, age),
    minFrees: free === undefined ? [minFree] : [minFree, free],
  };
  return { bounds, limits };
}

/** On a disk of `totalBytes`. */
export function boundsOn(
  totalBytes: number,
  { maxSizes, maxRepositorySize, maxAge, minFrees }: SettledBounds,
): Bounds {
  const bytes = (bound: SizeOrShare): number => ('bytes' in bound ? bound.bytes : bound.share * totalBytes);
  return {
    maxBytes: Math.min(...maxSizes.map(bytes)),
    maxRepositoryBytes: maxRepositorySize === undefined ? undefined : bytes(maxRepositorySize),
    maxAge,
    minFreeBytes: Math.max(...minFrees.map(bytes)),
  };
}
