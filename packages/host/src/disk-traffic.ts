import { readdirSync } from 'node:fs';
import { growingCounters, type Pair } from './growing-counters.ts';
import { type Kernel, kernelPath, readKernel, readKernelStart } from './kernel-files.ts';
import type { Reader } from './readings.ts';

export interface DiskTraffic {
  readBytes: number;
  writtenBytes: number;
}

/** The kernel counts in sectors of this size, whatever the disk has. */
const sectorBytes = 512;

/** Bytes of `/proc/diskstats` to read. A line has some 100. */
const limitBytes = 2 ** 20;

/** Devices that are no disk, or whose data another device of this machine holds and counts. */
const notADisk = /^(?:loop|ram|zram|sr|scd|fd|mtdblock|zd|drbd|dm-|md|bcache|nullb)\d/;

/**
 * Whole disks by name, for where sysfs cannot be read. Amazon's `xvda1` may be a whole disk: see
 * `wholeDisksByName`.
 */
const wholeDisk = /^(?:(?:sd|vd|xvd|hd|ubd|dasd)[a-z]+|(?:nvme\d+n|mmcblk|nbd|rbd|pmem)\d+)$/;

/** A path of NVMe multipath: `nvme0c1n2` is a path of `nvme0n2`. */
const nvmePath = /^(nvme\d+)c\d+(n\d+)$/;

/**
 * Whether a block device is a disk of its own: not a partition, and not made of other devices as LVM and RAID
 * are.
 */
export function isOwnDisk(kernel: Kernel, name: string): boolean {
  return !notADisk.test(name) && (entries(kernel, `/sys/block/${name}/slaves`)?.length ?? 0) === 0;
}

/**
 * Parses `/proc/diskstats`. @returns the read and written bytes of each device. Source: the kernel's page
 * "iostats"
 */
export function parseDiskStatistics(text: string): Map<string, Pair> {
  const found = new Map<string, Pair>();
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    const [read, written] = [Number(fields[5]), Number(fields[9])];
    if (fields.length >= 11 && Number.isFinite(read + written))
      found.set(fields[2]!, [read * sectorBytes, written * sectorBytes]);
  }
  return found;
}

/**
 * Counts what the whole disks of the machine read and wrote; in a container too, those of the whole machine.
 * Which devices are disks is asked again only when devices came or went. Both sums only grow; see
 * `growingCounters`. `read` returns `undefined` where `/proc/diskstats` cannot be read, or names no disk.
 */
export function diskTraffic(kernel: Kernel = {}): Reader<DiskTraffic> {
  const sum = growingCounters();
  let seen: ReadonlySet<string> = new Set();
  let disks: ReadonlySet<string> = seen;
  let note: string | undefined;
  const choose = (names: ReadonlySet<string>): void => {
    if (names.size === seen.size && [...names].every((name) => seen.has(name))) return;
    seen = names;
    const own = wholeDisks(kernel, names);
    disks = own ?? wholeDisksByName(names);
    note =
      own === undefined
        ? '/sys/block cannot be read: which devices are disks is told by their names.'
        : undefined;
  };
  return {
    read: () => {
      const devices = parseDiskStatistics(readKernelStart(kernel, '/proc/diskstats', limitBytes) ?? '');
      choose(new Set(devices.keys()));
      const counted = withPaths(disks, devices);
      if (counted.size === 0) return undefined;
      const [readBytes, writtenBytes] = sum(counted);
      return { readBytes, writtenBytes };
    },
    note: () => note,
  };
}

/**
 * Sysfs writes `!` for the slash in a name such as `cciss/c0d0`. @returns `undefined` if it shows none of the
 * devices
 */
function wholeDisks(kernel: Kernel, names: ReadonlySet<string>): Set<string> | undefined {
  const blocks = entries(kernel, '/sys/block')?.filter((name) => names.has(name.replaceAll('!', '/')));
  if (blocks === undefined || blocks.length === 0) return undefined;
  const isHidden = (name: string): boolean => readKernel(kernel, `/sys/block/${name}/hidden`)?.trim() === '1';
  const disks = blocks.filter((name) => isOwnDisk(kernel, name) && !nvmePath.test(name) && !isHidden(name));
  return new Set(disks.map((name) => name.replaceAll('!', '/')));
}

/** `xvda1` is a partition of `xvda`, or a whole disk where there is no `xvda`. */
function wholeDisksByName(names: ReadonlySet<string>): Set<string> {
  const lone = (name: string): boolean => {
    const whole = /^(xvd[a-z]+)\d+$/.exec(name)?.[1];
    return whole !== undefined && !names.has(whole);
  };
  return new Set([...names].filter((name) => wholeDisk.test(name) || lone(name)));
}

/**
 * Before Linux 6.4, only the paths of an NVMe disk count, and since then the disk itself too: the larger is
 * the truth.
 */
function withPaths(disks: ReadonlySet<string>, devices: ReadonlyMap<string, Pair>): Map<string, Pair> {
  const paths = new Map<string, Pair>();
  for (const [name, [read, written]] of devices) {
    const [, controller, namespace] = nvmePath.exec(name) ?? [];
    if (controller === undefined || namespace === undefined) continue;
    const [a, b] = paths.get(controller + namespace) ?? [0, 0];
    paths.set(controller + namespace, [a + read, b + written]);
  }
  const counted = new Map<string, Pair>();
  for (const name of disks) {
    const [read, written] = devices.get(name) ?? [0, 0];
    const [a, b] = paths.get(name) ?? [0, 0];
    counted.set(name, [Math.max(read, a), Math.max(written, b)]);
  }
  return counted;
}

function entries(kernel: Kernel, path: string): string[] | undefined {
  try {
    return readdirSync(kernelPath(kernel, path));
  } catch {
    return undefined;
  }
}
