import type { Sample, SampledDisk } from '../sampling/sample.ts';

/** The fullest disk, with its values in the sample in which it was fullest. */
export interface FullestDisk {
  /** A path on the disk. */
  path: string;
  /** Omitted if the mounts could not be read. */
  mountPoint?: string;
  totalBytes: number;
  usedBytes: number;
  availableBytes: number;
}

/**
 * Returns the used share of a disk as `df` counts it: space reserved for root is neither used nor available. Source:
 * GNU coreutils, `df.c`. If a sample does not contain the reserved space, it counts as used.
 */
export function shareByDf({ totalBytes, availableBytes, freeBytes = availableBytes }: SampledDisk): number {
  const used = totalBytes - freeBytes;
  const share = used / (used + availableBytes);
  return totalBytes > 0 && used >= 0 && availableBytes >= 0 ? share : Number.NaN;
}

/** Returns the fullest disk of all samples; `undefined` if the usage of no disk is known. */
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

/**
 * Returns the used share of the disk of `path` in each sample that has it, with the seconds since the previous sample.
 */
export function sharesOf(samples: readonly Sample[], path: string): { share: number; seconds: number }[] {
  return samples.flatMap(({ disks, monotonic }, index) => {
    const disk = disks.find((one) => one.path === path);
    const share = disk === undefined ? Number.NaN : shareByDf(disk);
    const seconds = (monotonic - (samples[index - 1]?.monotonic ?? monotonic)) / 1000;
    return Number.isFinite(share) ? [{ share, seconds }] : [];
  });
}
