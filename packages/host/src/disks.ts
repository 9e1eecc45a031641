import type { StatsFs } from 'node:fs';
import { realpath, stat, statfs } from 'node:fs/promises';
import { type MaybeUnknown, isUnknown } from './maybe-unknown.ts';
import { mountOf, readMounts } from './mounts.ts';
import type { Kernel } from './kernel-files.ts';

/** The file system that a path is on. */
export interface Disk {
  path: string;
  /** `undefined` if mounts cannot be read. */
  mountPoint: string | undefined;
  totalBytes: number;
  /** Bytes that a process without privileges may still write. */
  availableBytes: number;
  /** Free bytes, including those reserved for root. `df` uses this number to compute the used space. */
  freeBytes: number;
  /** 0 on file systems that have no fixed number of inodes, such as btrfs and NTFS. */
  totalInodes: number;
  availableInodes: number;
  /** Device number. It is equal for paths on the same file system. */
  device: string;
}

/** Reads the disk that holds `path`. Follows links. */
export async function diskOf(path: string, kernel: Kernel = {}): Promise<MaybeUnknown<Disk>> {
  try {
    const [real, system, entry] = await Promise.all([realpath(path), statfs(path), stat(path)]);
    const mounts = readMounts(kernel);
    const mountPoint = isUnknown(mounts) ? undefined : mountOf(real, mounts)?.mountPoint;
    return diskFrom(path, system, String(entry.dev), mountPoint);
  } catch (error) {
    return { unknown: `The disk of ${path} cannot be read: ${(error as Error).message}` };
  }
}

/**
 * Returns the disk that the numbers of `statfs` describe. On macOS, these are the numbers of the whole APFS container,
 * and on Windows there are none for inodes.
 */
export const diskFrom = (
  path: string,
  system: Numbers,
  device: string,
  mountPoint: string | undefined,
): Disk => ({ path, mountPoint, device, ...spaceOf(system) });

type Numbers = Pick<StatsFs, 'bsize' | 'blocks' | 'bfree' | 'bavail' | 'files' | 'ffree'>;

/** Returns the space of a file system from what the system tells about it. */
export const spaceOf = ({ blocks, bsize, bavail, bfree, files, ffree }: Numbers) => ({
  totalBytes: blocks * bsize,
  availableBytes: bavail * bsize,
  freeBytes: bfree * bsize,
  totalInodes: files,
  availableInodes: ffree,
});

/** Reads the disks that hold `paths`, each one once. Leaves out disks that cannot be read. */
export async function disksOf(paths: readonly string[], kernel: Kernel = {}): Promise<Disk[]> {
  const found = await Promise.all(paths.map((path) => diskOf(path, kernel)));
  const byDevice = new Map<string, Disk>();
  for (const disk of found)
    if (!isUnknown(disk) && !byDevice.has(disk.device)) byDevice.set(disk.device, disk);
  return [...byDevice.values()];
}

/** Returns the used share of a disk from the view of a process without privileges: a number from 0 to 1. */
export function usedShare(disk: Pick<Disk, 'totalBytes' | 'availableBytes'>): number {
  return disk.totalBytes === 0 ? 0 : 1 - disk.availableBytes / disk.totalBytes;
}
