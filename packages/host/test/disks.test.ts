import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isUnknown } from '../src/maybe-unknown.ts';
import { diskOf, disksOf, usedShare } from '../src/disks.ts';

it('reads a disk of this machine', async () => {
  const disk = await diskOf(tmpdir());
  if (isUnknown(disk)) throw new Error(disk.unknown);
  expect(disk.totalBytes).toBeGreaterThan(disk.availableBytes);
  expect(usedShare(disk)).toBeGreaterThanOrEqual(0);
});

it('returns unknown for a path that does not exist', async () => {
  expect(await diskOf(join(tmpdir(), 'no', 'such', 'folder'))).toMatchObject({
    unknown: expect.stringContaining('ENOENT'),
  });
});

it('lists each disk once', async () => {
  expect(await disksOf([tmpdir(), tmpdir(), '/no/such/folder'])).toHaveLength(1);
});

it('returns no mount point on other platforms', async () => {
  expect(await diskOf(tmpdir(), { platform: 'darwin' })).toMatchObject({ mountPoint: undefined });
});

it('computes the used share, and 0 for a file system without space', () => {
  expect(usedShare({ totalBytes: 0, availableBytes: 0 })).toBe(0);
  expect(usedShare({ totalBytes: 100, availableBytes: 25 })).toBe(0.75);
});
