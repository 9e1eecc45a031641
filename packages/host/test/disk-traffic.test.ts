import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskTraffic, parseDiskStatistics } from '../src/disk-traffic.ts';
import type { Kernel } from '../src/kernel-files.ts';
import { kernelTree } from './kernel-tree.ts';

/** A line of `/proc/diskstats`, with the fields of Linux 6.18. A device writes twice what it reads. */
const row = (name: string, sectors: number): string =>
  ` 254       0 ${name} 166282 29587 ${sectors} 65812 2567532 2389955 ${2 * sectors} 1576136 0 343680 1879987 3032488 79 134293456 179773 417090 58264\n`;
const statistics = (sectors: Record<string, number>): string =>
  Object.entries(sectors)
    .map(([name, count]) => row(name, count))
    .join('');

/** Devices with their sectors. `block` holds the whole devices, each with what it is made of. */
function diskTree(
  sectors: Record<string, number>,
  block: Record<string, string[]>,
  hidden: string[] = [],
): Kernel {
  const kernel = kernelTree({ 'proc/diskstats': statistics(sectors) });
  for (const [name, slaves] of Object.entries(block)) {
    const folder = join(kernel.root!, 'sys/block', name);
    for (const slave of ['', ...slaves]) mkdirSync(join(folder, 'slaves', slave), { recursive: true });
    writeFileSync(join(folder, 'hidden'), hidden.includes(name) ? '1\n' : '0\n');
  }
  return kernel;
}
const thousand = { readBytes: 512_000, writtenBytes: 1_024_000 };

describe('diskTraffic', () => {
  it.each<[string, Record<string, number>, Record<string, string[]>]>([
    ['a disk of a virtual machine with partitions', { vda: 1_000, vda1: 900, vda2: 100 }, { vda: [] }],
    ['a disk with a slash in its name', { 'cciss/c0d0': 1_000, 'cciss/c0d0p1': 9 }, { 'cciss!c0d0': [] }],
    ['Xen’s disk without partitions', { xvda1: 600, xvdb: 400 }, { xvda1: [], xvdb: [] }],
    [
      'LVM on LUKS on a partition',
      { sda: 1_000, sda1: 1_000, 'dm-0': 1_000, 'dm-1': 900 },
      { sda: [], 'dm-0': ['sda1'], 'dm-1': ['dm-0'] },
    ],
    [
      'RAID of two disks',
      { sda: 500, sdb: 500, md0: 700, md127: 0 },
      { sda: [], sdb: [], md0: ['sda', 'sdb'], md127: [] },
    ],
    [
      'two paths to one disk',
      { sda: 600, sdb: 400, 'dm-0': 1_000 },
      { sda: [], sdb: [], 'dm-0': ['sda', 'sdb'] },
    ],
    [
      'a cache in front of a disk',
      { sda: 1_000, bcache0: 900, bcache1: 5 },
      { sda: [], bcache0: ['sda'], bcache1: [] },
    ],
    [
      'what is no disk',
      { vda: 1_000, loop0: 5, ram0: 5, zram0: 5, sr0: 5, fd0: 5, zd16: 5 },
      { vda: [], loop0: [], ram0: [], zram0: [], sr0: [], fd0: [], zd16: [] },
    ],
  ])('counts each byte once: %s', (_title, sectors, block) => {
    const traffic = diskTraffic(diskTree(sectors, block));
    expect(traffic.read()).toEqual(thousand);
    expect(traffic.note()).toBeUndefined();
  });

  it.each([
    ['since Linux 6.4, where the disk counts too', 1_000],
    ['before, where only the paths count', 0],
  ])('counts an NVMe disk with two paths once %s', (_title, own) => {
    const sectors = { nvme0n1: own, nvme0c0n1: 400, nvme0c1n1: 600, nvme0n1p1: 50 };
    const block = { nvme0n1: [], nvme0c0n1: [], nvme0c1n1: [] };
    expect(diskTraffic(diskTree(sectors, block, ['nvme0c0n1', 'nvme0c1n1'])).read()).toEqual(thousand);
  });

  it('goes by names, and says so, in a container without sysfs', () => {
    const sectors = {
      sda: 100,
      sda1: 9,
      vdb: 100,
      vdb12: 9,
      xvdc1: 100,
      xvdd: 100,
      xvdd1: 9,
      nvme1n1: 100,
      nvme1n1p2: 9,
    };
    const more = { mmcblk0: 100, mmcblk0p1: 9, 'dm-0': 9, md0: 9, loop3: 9, hda: 400 };
    const traffic = diskTraffic(kernelTree({ 'proc/diskstats': statistics({ ...sectors, ...more }) }));
    expect(traffic.read()).toEqual(thousand);
    expect(traffic.note()).toContain('/sys/block cannot be read');
  });

  it('never falls when a disk goes, comes back or starts again at 0', () => {
    const kernel = diskTree({ sda: 1_000, sdb: 1_000 }, { sda: [], sdb: [] });
    const traffic = diskTraffic(kernel);
    const read = (sectors: Record<string, number>): number | undefined => {
      writeFileSync(join(kernel.root!, 'proc/diskstats'), statistics(sectors));
      return traffic.read()?.readBytes;
    };
    expect(read({ sda: 1_000, sdb: 1_000 })).toBe(2_000 * 512);
    expect(read({ sda: 1_001 })).toBe(2_001 * 512);
    expect(read({ sda: 5, sdb: 9_000 })).toBe(2_001 * 512);
    expect(read({ sda: 7, sdb: 9_001 })).toBe(2_004 * 512);
  });

  it('returns undefined where the counters are hidden, or there is no disk', () => {
    expect(diskTraffic(kernelTree({})).read()).toBeUndefined();
    expect(diskTraffic(diskTree({ loop0: 5 }, { loop0: [] })).read()).toBeUndefined();
  });
});

it('parseDiskStatistics reads the lines of older kernels, and skips what is cut', () => {
  // Linux 4.15 has 14 fields: the kernel's page "iostats".
  const old = '   8       0 sda 1 0 2 0 3 0 4 0 0 0 0\n   8      16 sdb 1 0 2 0 3\n';
  expect([...parseDiskStatistics(old)]).toEqual([['sda', [1_024, 2_048]]]);
});
