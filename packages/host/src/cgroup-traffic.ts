import { readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Controller } from './cgroup.ts';
import { type DiskTraffic, isOwnDisk } from './disk-traffic.ts';
import { type Kernel, kernelPath, readKernel } from './kernel-files.ts';

/** Parses `io.stat` of v2. @returns the bytes by device number, `major:minor` */
export function parseIoStat(text: string): Map<string, DiskTraffic> {
  const found = new Map<string, DiskTraffic>();
  for (const line of text.split('\n')) {
    const [device = '', ...fields] = line.trim().split(' ');
    const value = (name: string): number =>
      Number(fields.find((field) => field.startsWith(name))?.slice(name.length) ?? Number.NaN);
    const traffic = { readBytes: value('rbytes='), writtenBytes: value('wbytes=') };
    // A device that only has settings, or was removed, has a line without bytes.
    if (Number.isFinite(traffic.readBytes + traffic.writtenBytes)) found.set(device, traffic);
  }
  return found;
}

/** Parses `blkio.throttle.io_service_bytes` of v1. @returns the bytes by device number */
export function parseServiceBytes(text: string): Map<string, DiskTraffic> {
  const found = new Map<string, DiskTraffic>();
  for (const line of text.split('\n')) {
    const [, device, kind, bytes] = /^(\d+:\d+) (Read|Write) (\d+)$/.exec(line.trim()) ?? [];
    if (device === undefined) continue;
    const traffic = found.get(device) ?? { readBytes: 0, writtenBytes: 0 };
    if (kind === 'Read') traffic.readBytes += Number(bytes);
    else traffic.writtenBytes += Number(bytes);
    found.set(device, traffic);
  }
  return found;
}

/**
 * Sums what a cgroup, with its children, read from and wrote to whole disks. What LVM and RAID pass on to
 * disks is counted at the disks. v1 counts for nobody what the kernel writes later from its cache, and since
 * Linux 6.10 nothing at all on disks without a limit. Sources: the kernel's pages "Control Group v2" and
 * "Block IO Controller".
 * @returns `undefined` if the kernel does not count
 */
export function cgroupTraffic(controller: Controller | undefined, kernel: Kernel): DiskTraffic | undefined {
  const byDevice = controller && readByDevice(controller, kernel);
  if (byDevice === undefined) return undefined;
  const sum = { readBytes: 0, writtenBytes: 0 };
  for (const [device, { readBytes, writtenBytes }] of byDevice) {
    if (readBytes + writtenBytes === 0 || !isCounted(kernel, device)) continue;
    sum.readBytes += readBytes;
    sum.writtenBytes += writtenBytes;
  }
  return sum;
}

function readByDevice(
  { version, directory }: Controller,
  kernel: Kernel,
): Map<string, DiskTraffic> | undefined {
  const read = (name: string): string | undefined => readKernel(kernel, join(directory, name));
  if (version === 2) {
    const text = read('io.stat');
    return text === undefined ? undefined : parseIoStat(text);
  }
  const name = 'blkio.throttle.io_service_bytes';
  const text = read(`${name}_recursive`) ?? read(name);
  const counted = parseServiceBytes(text ?? '');
  // A list without devices may mean that nothing was read, or that nothing is counted.
  return counted.size === 0 ? undefined : counted;
}

/** Without sysfs, every device counts. */
function isCounted(kernel: Kernel, device: string): boolean {
  if (!/^\d+:\d+$/.test(device)) return false;
  try {
    return isOwnDisk(kernel, basename(readlinkSync(kernelPath(kernel, `/sys/dev/block/${device}`))));
  } catch {
    return true;
  }
}
