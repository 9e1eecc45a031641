import { describe, expect, it } from 'vitest';
import { closeSync, mkdirSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountId } from '../src/directory-handle.ts';
import { mountOf, mountsBelow, otherPathOf, parseMounts, readMounts } from '../src/mounts.ts';

const text = String.raw`22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
25 22 0:23 / /srv/my\040disk rw master:1 propagate_from:2 - tmpfs tmp\134fs rw,size=1k
26 22 0:24 /sub /srv rw - ext4 /dev/vdb rw
nonsense
`;

it('decodes octal escapes and skips the optional fields', () => {
  const mounts = parseMounts(text);
  expect(mounts).toHaveLength(3);
  expect(mounts[1]).toMatchObject({
    device: '0:23',
    mountPoint: '/srv/my disk',
    type: 'tmpfs',
    source: String.raw`tmp\fs`,
    options: ['rw', 'rw', 'size=1k'],
  });
});

it('finds the innermost mount of a path, and compares whole names', () => {
  const mounts = parseMounts(text);
  expect(mountOf('/srv/my disk/file', mounts)?.type).toBe('tmpfs');
  expect(mountOf('/srv/my disks', mounts)?.mountPoint).toBe('/srv');
  expect(mountOf('/srvx', mounts)?.mountPoint).toBe('/');
  expect(mountOf('/srv', [...mounts, { ...mounts[2]!, device: '9:9' }])?.device).toBe('9:9');
});

it('returns unknown with a reason on other platforms', () => {
  expect(readMounts({ platform: 'win32' })).toEqual({ unknown: 'Mounts cannot be read on win32' });
});

it('finds mount points at a path and below it, and compares whole names', () => {
  const root = mkdtempSync(join(tmpdir(), 'kernel-'));
  mkdirSync(join(root, 'proc/self'), { recursive: true });
  writeFileSync(join(root, 'proc/self/mountinfo'), text);
  const below = (path: string) => mountsBelow(path, { root, platform: 'linux' });
  expect(below('/srv')).toEqual(['/srv/my disk', '/srv']);
  expect(below('/srv/my disk')).toEqual(['/srv/my disk']);
  expect(below('/srv/my')).toEqual([]);
  expect(below('/')).toEqual(['/', '/srv/my disk', '/srv']);
  expect(() => mountsBelow('/srv', { root: join(root, 'nowhere'), platform: 'linux' })).toThrow(
    'cannot be read',
  );
  expect(mountsBelow('/srv', { platform: 'darwin' })).toEqual([]);
});

it.runIf(process.platform === 'linux')('returns the mount id of an open file', () => {
  const [file, kernel] = [openSync(import.meta.filename, 'r'), openSync('/proc/self/status', 'r')];
  expect(mountId(file)).toMatch(/^\d+$/);
  expect(mountId(kernel)).not.toBe(mountId(file));
  closeSync(file);
  closeSync(kernel);
});

describe('otherPathOf', () => {
  const mount = (device: string, root: string, mountPoint: string) =>
    parseMounts(`36 35 ${device} ${root} ${mountPoint} rw - ext4 x rw\n`);
  const disk = mount('8:1', '/', '/');

  it('finds the source of a bind mount, also where that mount hides it', () => {
    expect(otherPathOf('/w/app', [...disk, ...mount('8:1', '/home', '/w/app')])).toBe('/home');
    expect(otherPathOf('/w/app', [...disk, ...mount('8:1', '/w/app/kept', '/w/app')])).toBe('/w/app/kept');
  });

  it('finds nothing for a disk of its own, nor for a folder that is mounted on itself', () => {
    expect(otherPathOf('/w/app', [...disk, ...mount('8:2', '/', '/w/app')])).toBeUndefined();
    expect(otherPathOf('/w/app', [...disk, ...mount('8:1', '/w/app', '/w/app')])).toBeUndefined();
  });
});
