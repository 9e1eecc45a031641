import { describe, expect, it } from 'vitest';
import { reclaimNames } from '@runner-actions/config';
import { startDeadline } from '@runner-actions/core';
import { type Disk, diskFrom } from '@runner-actions/host';
import { itemNames } from '../../src/item.ts';
import {
  describeDisk,
  isLow,
  isRelieved,
  lackOf,
  usedShares,
  wantedItems,
} from '../../src/items/thresholds.ts';
import { readThresholds } from '../../src/items/thresholds-io.ts';

const levels = { high: 0.85, low: 0.75 };
/** A disk of 1,000 bytes and 1,000 inodes, of which 100 bytes are reserved for root. */
const disk = (usedBytes: number, usedInodes = 0, device = '1'): Disk => ({
  ...{ path: '/x', mountPoint: '/data', device },
  ...{ totalBytes: 1000, freeBytes: 1000 - usedBytes, availableBytes: Math.max(0, 900 - usedBytes) },
  ...{ totalInodes: 1000, availableInodes: 1000 - usedInodes },
});

describe('the used share', () => {
  it('is that of df: reserved bytes are neither used nor available', () => {
    expect(usedShares(disk(450)).bytes).toBe(0.5);
    expect(usedShares(disk(950)).bytes).toBe(1);
    expect(usedShares(disk(0, 250)).inodes).toBe(0.25);
  });

  it('is 0 on a file system without a size, or without a fixed number of inodes', () => {
    const none = { totalBytes: 0, freeBytes: 0, availableBytes: 0, totalInodes: 0, availableInodes: 0 };
    expect(usedShares(none)).toEqual({ bytes: 0, inodes: 0 });
  });

  const block = { bsize: 4096 };
  it.each([
    // What `df` of a Mac showed: its data volume 81 % full, its system volume 27 %, both with the same free space.
    [
      'macOS, where the volumes of an APFS container share it',
      {
        ...block,
        blocks: 62_500_000,
        bfree: 10_535_390,
        bavail: 10_535_390,
        files: 423_512_187,
        ffree: 421_415_600,
      },
      '/work is 84 % full (inodes: 1 %)',
    ],
    [
      'Windows, where libuv knows no inodes',
      { ...block, blocks: 62_387_199, bfree: 3_119_360, bavail: 3_119_360, files: 0, ffree: 0 },
      '/work is 95 % full (inodes: 0 %)',
    ],
  ])('is that of all that shares the free space on %s', (_on, statfs, text) => {
    const disk = diskFrom('/work', statfs, '1', undefined);
    expect(describeDisk(disk)).toBe(text);
    expect(isLow(disk, levels)).toBe(text.includes('95'));
    expect(isRelieved(disk, levels)).toBe(false);
  });

  it('starts above the high level and stops at the low one, for bytes and inodes', () => {
    expect([764, 766].map((used) => isLow(disk(used), levels))).toEqual([false, true]);
    expect([850, 851].map((used) => isLow(disk(0, used), levels))).toEqual([false, true]);
    expect([676, 675].map((used) => isRelieved(disk(used), levels))).toEqual([false, true]);
    expect(isRelieved(disk(0, 751), levels)).toBe(false);
  });

  it('tells what is missing to the low level', () => {
    for (const [bytes, inodes] of [
      [800, 100],
      [700, 900],
      [675, 750],
    ] as const) {
      const lack = lackOf(disk(bytes, inodes), levels);
      expect(lack).toEqual({ bytes: Math.max(0, bytes - 675), inodes: Math.max(0, inodes - 750) });
      expect(isRelieved(disk(bytes - lack.bytes, inodes - lack.inodes), levels)).toBe(true);
    }
  });

  it('is shown with its mount, rounded up as in df', () => {
    expect(describeDisk(disk(766, 11))).toBe('/data is 86 % full (inodes: 2 %)');
  });
});

describe('the items', () => {
  it('are only what is ours in auto without a policy, and those of the policy with one', () => {
    expect(wantedItems('auto', undefined)).toEqual(['caches']);
    expect(wantedItems('auto', [])).toEqual([]);
    expect(wantedItems('auto', ['tool-cache', 'diagnostics'])).toEqual(['diagnostics', 'tool-cache']);
  });

  it('go in the order of what it costs to create them again, after what is always cleaned', () => {
    const order = [
      ...['workspace', 'temp', 'old-runner-versions', 'diagnostics', 'images', 'build-cache'],
      ...['stale-repositories', 'tool-cache', 'caches'],
    ];
    expect(itemNames.filter((name) => order.includes(name))).toEqual(order);
    expect(wantedItems(reclaimNames.toReversed(), undefined)).toEqual(reclaimNames);
    expect(reclaimNames.at(-1)).toBe('caches');
  });

  it('are those of a list in the order of their costs, limited by the policy', () => {
    expect(wantedItems(['tool-cache', 'images'], undefined)).toEqual(['images', 'tool-cache']);
    expect(wantedItems(['tool-cache', 'images'], ['images'])).toEqual(['images']);
    expect(wantedItems('off', ['images'])).toEqual([]);
  });
});

describe('the disks', () => {
  const read = (disks: Record<string, Disk>) => (path: string) =>
    Promise.resolve(disks[path] ?? { unknown: `The disk of ${path} cannot be read` });

  it('are evaluated each on its own mount', async () => {
    const disks = { '/work': disk(800), '/work/_tool': disk(100, 0, '2'), '/docker': disk(0, 900, '3') };
    const found = await readThresholds([...Object.keys(disks), '/gone'], levels, startDeadline(60_000), {
      read: read(disks),
    });
    const paths = ['/work/app', '/work/_tool/node', '/docker', '/gone/x', '/elsewhere'];
    expect(await Promise.all(paths.map(found.enough))).toEqual([false, true, false, true, true]);
    expect(found.wasLow).toEqual(['/work', '/docker']);
    expect(found.low).toHaveLength(2);
    expect(found.unknown).toEqual(['The disk of /gone cannot be read']);
  });

  it('have enough at the low level, and stay untouched if they were fine or are not known', async () => {
    const disks: Record<string, Disk> = { '/work': disk(800), '/fine': disk(700) };
    const found = await readThresholds(['/work', '/fine'], levels, startDeadline(60_000), {
      read: read(disks),
    });
    expect(await found.enough('/fine/x')).toBe(true);
    expect(await found.enough('/workshop')).toBe(true);
    expect(await found.enough('/work/a')).toBe(false);
    disks['/work'] = disk(700);
    expect(await found.enough('/work/a')).toBe(false);
    disks['/work'] = disk(675);
    expect(await found.enough('/work/a')).toBe(true);
    delete disks['/work'];
    expect(await found.enough('/work/a')).toBe(true);
  });

  it('are not known if they do not answer in time', async () => {
    const hangs = () => new Promise<never>(() => {});
    const { unknown, enough } = await readThresholds(['/dead'], levels, startDeadline(10), { read: hangs });
    expect(unknown).toEqual(['The disk of /dead did not answer in time']);
    expect(await enough('/dead/x')).toBe(true);
  });

  it('that were low stay so for other processes, until they have enough', async () => {
    const disks: Record<string, Disk> = { '/work': disk(700), '/fine': disk(700) };
    const [wasLow, options] = [['/work'], { read: read(disks) }];
    const found = await readThresholds(Object.keys(disks), levels, startDeadline(60_000), {
      ...options,
      wasLow,
    });
    expect(await found.enough('/work/a')).toBe(false);
    expect(await found.enough('/fine/a')).toBe(true);
  });
});
