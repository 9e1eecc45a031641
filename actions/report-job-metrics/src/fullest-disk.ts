import type { Sample, SampledDisk } from './sample.ts';

/** The fullest disk, with its figures at the sample in which it was fullest. */
export interface FullestDisk {
  /** A path on the disk. */
  path: string;
  /** Left out where mounts could not be read. */
  mountPoint?: string;
  totalBytes: number;
  usedBytes: number;
  availableBytes: number;
}

/**
 * The share of a disk in use as `df` counts it: what is reserved for root is neither used nor available. Source: GNU
 * coreutils, `df.c`. Where a sample does not tell what is reserved, that counts as used.
 */
function shareByDf({ totalBytes, availableBytes, freeBytes = availableBytes }: SampledDisk): number {
  const used = totalBytes - freeBytes;
  const share = used / (used + availableBytes);
  return totalBytes > 0 && used >= 0 && availableBytes >= 0 ? share : Number.NaN;
}

/** `undefined`: of no disk is known how full it was. */
export function nameFullestDisk(samples: readonly Sample[]): FullestDisk | undefined {
  let fullest: SampledDisk | undefined;
  let most = -1;
  for (const disk of samples.flatMap(({ disks }) => disks)) {
    const share = shareByDf(disk);
    if (share <= most || Number.isNaN(share)) continue;
    [fullest, most] = [disk, share];
  }
  if (fullest === undefined) return undefined;
  const { path, mountPoint, totalBytes, availableBytes, freeBytes = availableBytes } = fullest;
  return {
    path,
    ...(mountPoint === undefined ? {} : { mountPoint }),
    ...{ totalBytes, usedBytes: totalBytes - freeBytes, availableBytes },
  };
}

/** How full the disk of `path` was at each sample that knows it, and for how many seconds that holds. */
export function sharesOf(samples: readonly Sample[], path: string): { share: number; seconds: number }[] {
  return samples.flatMap(({ disks, monotonic }, index) => {
    const disk = disks.find((one) => one.path === path);
    const share = disk === undefined ? Number.NaN : shareByDf(disk);
    const seconds = (monotonic - (samples[index - 1]?.monotonic ?? monotonic)) / 1000;
    return Number.isFinite(share) ? [{ share, seconds }] : [];
  });
}
