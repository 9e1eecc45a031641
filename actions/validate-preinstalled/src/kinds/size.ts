import { formatBytes } from '@runner-actions/core';
import type { Size } from '@runner-actions/manifest';

/** Share of a nominal size that firmware, kernel or file system may take. A machine sold as 24 GiB shows 23.5. */
const tolerance = 0.07;

/**
 * Compares a size with what is wanted. A nominal one is met when at most 7 % are missing, and the text says so.
 * @param isExact whether the size is a limit that somebody set, such as that of a cgroup, so that there is no tolerance
 */
export function compareSize(bytes: number, wanted: Size, isExact = false): { met: boolean; found: string } {
  const shown = formatBytes(bytes);
  if (bytes >= wanted.bytes) return { met: true, found: shown };
  const met = wanted.nominal && !isExact && bytes >= wanted.bytes * (1 - tolerance);
  return {
    met,
    found: met ? `${shown}, which counts as ${formatBytes(wanted.bytes)} (7 % tolerance)` : shown,
  };
}
