import type { Deadline } from '@runner-actions/core';
import { diskOf, type Disk, isInside, isUnknown, type MaybeUnknown } from '@runner-actions/host';
import { describeDisk, isLow, isRelieved, type Levels } from './thresholds.ts';

/** Watches the disks on which items live. */
export interface Thresholds {
  /** Descriptions of the disks that were low at the start; empty if nothing is to be reclaimed. */
  low: readonly string[];
  /** The folders whose disk was low at the start. */
  wasLow: string[];
  /** Paths whose disk could not be read, and why. Nothing is reclaimed there. */
  unknown: readonly string[];
  /** Returns whether the disk of a path has enough space. Asks the file system again if it was low at the start. */
  enough(path: string): Promise<boolean>;
}

type ReadDisk = (path: string) => Promise<MaybeUnknown<Disk>>;

/** Milliseconds in which a file system must answer. */
const patience = 5_000;

/** Waits for an answer, but not forever: a file system on the network may never give one. */
function within(
  answer: Promise<MaybeUnknown<Disk>>,
  path: string,
  deadline: Deadline,
): Promise<MaybeUnknown<Disk>> {
  const { signal } = deadline.limit(patience);
  return new Promise((resolve, reject) => {
    const late = () => resolve({ unknown: `The disk of ${path} did not answer in time` });
    if (signal.aborted) late();
    signal.addEventListener('abort', late);
    answer.then(resolve, reject);
  });
}

/**
 * Reads the disks of the items' folders. A path counts as the longest of these folders that contains it.
 * @param folders existing folders; the ones that cannot be read count as having enough
 * @param wasLow the folders whose disk was low when another process looked
 */
export async function readThresholds(
  folders: readonly string[],
  levels: Levels,
  deadline: Deadline,
  { read = diskOf, wasLow }: { read?: ReadDisk; wasLow?: readonly string[] | undefined } = {},
): Promise<Thresholds> {
  const readSoon = (folder: string) => within(read(folder), folder, deadline);
  const disks = new Map<string, Disk>();
  const unknown: string[] = [];
  const found = [...new Set(folders)].map(async (folder) => ({ folder, disk: await readSoon(folder) }));
  for (const { folder, disk } of await Promise.all(found)) {
    if (isUnknown(disk)) unknown.push(disk.unknown);
    else disks.set(folder, disk);
  }
  const low = new Map([...disks].filter(([folder, disk]) => wasLow?.includes(folder) ?? isLow(disk, levels)));
  const devices = new Map([...low.values()].map((disk) => [disk.device, disk]));
  const folderOf = (path: string): string | undefined =>
    [...disks.keys()]
      .filter((folder) => isInside(path, folder))
      .sort((one, other) => other.length - one.length)[0];
  return {
    low: [...devices.values()].map(describeDisk),
    wasLow: [...low.keys()],
    unknown,
    enough: async (path) => {
      const folder = folderOf(path);
      if (folder === undefined || !low.has(folder)) return true;
      const disk = await readSoon(folder);
      return isUnknown(disk) || isRelieved(disk, levels);
    },
  };
}
