import {
  chmodSync,
  type Dirent,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDeadline } from '@runner-actions/core';
import { holdsMount } from '../src/holds-mount.ts';
import type { RemoveOptions } from '../src/index.ts';
import { emptyByPath, type PathSystem } from '../src/remove-by-path.ts';
import { empty, failure, make, system } from './recorded-system.ts';

describe('a removal on Windows', () => {
  it('tries again, with growing pauses, what a program has locked for a moment', () => {
    const { target, left } = make(['a/locked.dll', 'a/scanned', 'b']);
    const { calls, waits } = system('win32', {
      'locked.dll': ['EBUSY', 'EPERM', 'EACCES'],
      scanned: ['EPERM'],
      a: ['ENOTEMPTY'],
    });
    expect(empty(target, {}, calls)).toMatchObject({ files: 3, directories: 1, residue: [], finished: true });
    expect(waits).toEqual([100, 200, 400, 800]);
    expect(left()).toEqual([]);
  });

  it.each([
    ['EBUSY', 'a program has it open and does not share it'],
    ['EPERM', expect.stringContaining('a program runs from it')],
    ['EACCES', expect.stringContaining('a program runs from it')],
  ])('reports a lock that stays (%s) in the words of Windows, and removes the rest', (code, reason) => {
    const { target, left } = make(['a/locked', 'a/b/file', 'c']);
    const { calls, waits } = system('win32', { locked: 'forever' }, code);
    expect(empty(target, {}, calls)).toMatchObject({
      ...{ files: 2, directories: 1, blocked: '', finished: true },
      residue: [{ path: join(target, 'a/locked'), reason }],
    });
    expect(waits).toEqual([100, 200, 400, 800, 1600]);
    expect(left()).toEqual(['a', 'a/locked']);
  });

  it('waits for a lock neither past the deadline, nor in a process that does other things', () => {
    const { target } = make(['locked']);
    const { calls, waits } = system('win32', { locked: 'forever' });
    empty(target, { deadline: { ...startDeadline(60_000), remaining: () => 250 } }, calls);
    expect(waits).toEqual([100, 200]);
    emptyByPath(target, {}, undefined, calls);
    expect(waits).toHaveLength(2);
  });

  it.each(['EPERM', 'EBUSY'])('moves a program that runs out of the way, which gives %s', (code) => {
    const { target, folder, aside, left } = make(['bin/server.exe', 'bin/other']);
    const { calls } = system('win32', { 'server.exe': 'forever' }, code);
    const { residue } = empty(target, { aside }, calls);
    const reason = expect.stringMatching(/^moved out of the workspace, .*a program (?:runs from|has) it/);
    expect(residue).toEqual([{ path: join(folder, 'aside/server.exe'), reason }]);
    expect(left()).toEqual([]);
  });

  it('names what stays if it cannot be moved either', () => {
    const { target } = make(['open']);
    const aside = () => {
      throw failure('EBUSY');
    };
    expect(empty(target, { aside }, system('win32', { open: 'forever' }).calls).residue).toEqual([
      { path: join(target, 'open'), reason: 'a program has it open and does not share it' },
    ]);
  });

  it('removes links and junctions, and leaves what they lead to', () => {
    const { target, outside, left, isUntouched } = make(['deep/file']);
    symlinkSync(outside, join(target, 'deep/junction'), 'junction');
    symlinkSync('C:\\gone', join(target, 'dangling'));
    expect(empty(target, {}, system('win32').calls)).toMatchObject({ files: 3, residue: [] });
    expect([left(), isUntouched()]).toEqual([[], true]);
  });

  it('does not enter a folder that shows a volume, although it has the device number of its parent', () => {
    const { target, left } = make(['volume/file', 'other']);
    const asLink = (found: Dirent<Buffer>) =>
      Object.assign(found, { isDirectory: () => false, isSymbolicLink: () => true });
    const list: PathSystem['list'] = (path) =>
      readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((found) =>
        found.name.toString() === 'volume' ? asLink(found) : found,
      );
    expect(empty(target, {}, { ...system('win32').calls, list }).residue).toEqual([
      { path: join(target, 'volume'), reason: expect.stringContaining('a volume is mounted there') },
    ]);
    expect(left()).toEqual(['volume', 'volume/file']);
  });

  it('does not move a folder with such a volume in it', () => {
    const { target } = make(['a/volume/file', 'b/file']);
    symlinkSync('nowhere', join(target, 'b/link'));
    const list = (path: string) =>
      readdirSync(path).map((name) => ({
        name,
        isSymbolicLink: () => name === 'volume' || name === 'link',
      }));
    const holds = (name: string) => holdsMount(join(target, name), 'win32', list);
    expect([holds('a'), holds('b')]).toEqual([true, false]);
  });

  it('gives Node whole paths, of any length and with reserved names, which it prefixes for Windows', () => {
    const long = Array.from({ length: 12 }, (_, index) => `${index}`.padEnd(60, 'x')).join('/');
    const names = ['nul', 'aux.txt', 'con', 'ends in dot.', 'ends in blank ', 'Case', 'case'];
    const { target, left } = make([...names, ...names.map((name) => `${long}/${name}`)]);
    const { calls } = system('win32');
    const seen: string[] = [];
    const unlink = (path: string | Buffer) => {
      seen.push(win32.toNamespacedPath(`C:${path.toString()}`));
      unlinkSync(path);
    };
    expect(empty(target, {}, { ...calls, unlink })).toMatchObject({ files: 14, residue: [] });
    expect(left()).toEqual([]);
    expect(seen.every((path) => path.startsWith('\\\\?\\C:\\'))).toBe(true);
    expect(new Set(seen.map((path) => win32.parse(path).base))).toEqual(new Set(names));
    expect(seen.filter((path) => path.length > 260)).toHaveLength(7);
  });
});

describe('a removal on macOS', () => {
  it('tries again when the Finder or Spotlight puts a file into a folder that was just emptied', () => {
    const { target, left } = make(['App.app/Contents/x']);
    const { calls, waits } = system('darwin');
    let isFirst = true;
    const rmdir = (path: string | Buffer) => {
      if (isFirst && path.toString() === 'Contents') writeFileSync('Contents/.DS_Store', '');
      if (path.toString() === 'Contents') isFirst = false;
      rmdirSync(path);
    };
    expect(empty(target, {}, { ...calls, rmdir })).toMatchObject({ files: 2, directories: 2, residue: [] });
    expect([waits, left()]).toEqual([[100], []]);
  });

  it('reports a file with an immutable flag and how to remove it, and does not wait for it', () => {
    const { target } = make(['a/uchg', 'b']);
    const { calls, waits } = system('darwin', { uchg: 'forever' }, 'EPERM');
    const { residue } = empty(target, {}, calls);
    expect(residue).toEqual([
      { path: join(target, 'a/uchg'), reason: expect.stringMatching(/flag such as uchg.*chflags/) },
    ]);
    expect(waits).toEqual([]);
  });

  it('moves as few folders as possible with what belongs to another user', () => {
    const { target, folder, aside, left } = make(['mine/x', 'mine/deep/theirs/root-file', 'mine/deep/y']);
    const asOther: PathSystem['lstat'] = (path) => {
      const entry = lstatSync(path, { bigint: true });
      return basename(path.toString()) === 'root-file' ? Object.assign(entry, { uid: 4_242n }) : entry;
    };
    const calls = { ...system('darwin', { 'root-file': 'forever' }, 'EACCES').calls, lstat: asOther };
    const removal = empty(target, { aside: () => aside() }, calls);
    const reason = expect.stringMatching(/belongs to another user \(number 4242\); remove it as root/);
    expect(removal.residue).toEqual([{ path: join(folder, 'aside/root-file'), reason }]);
    expect(left()).toEqual([]);
  });

  it('does not enter another device, such as a disk image, wherever it is', () => {
    const { target, left } = make(['a/Volume/file', 'a/gone']);
    const lstat: PathSystem['lstat'] = (path) => {
      const entry = lstatSync(path, { bigint: true });
      return basename(path.toString()) === 'Volume' ? Object.assign(entry, { dev: 99n }) : entry;
    };
    expect(empty(target, {}, { ...system('darwin').calls, lstat }).residue).toEqual([
      { path: join(target, 'a/Volume'), reason: 'another file system is mounted there' },
    ]);
    expect(left()).toEqual(['a', 'a/Volume', 'a/Volume/file']);
  });

  it('removes names with combining marks, and files with resource forks of other disks', () => {
    const { target, left } = make([
      'e\u0301/\u00fc',
      '._fork',
      'e\u0301/._\u00fc',
      'new\nline',
      '..b',
      '-rf',
    ]);
    expect(empty(target, {}, system('darwin').calls)).toMatchObject({ files: 6, residue: [] });
    expect(left()).toEqual([]);
  });

  it('removes a tree whose paths are longer than the system allows', () => {
    const { target, left } = make();
    const start = process.cwd();
    process.chdir(target);
    for (let depth = 0; depth < 60; depth += 1) {
      mkdirSync('d'.repeat(200));
      process.chdir('d'.repeat(200));
    }
    process.chdir(start);
    expect(empty(target, {}, system('darwin').calls)).toMatchObject({ directories: 60, residue: [] });
    expect([left(), process.cwd()]).toEqual([[], start]);
  });

  it('removes nothing through a link that replaces a folder before it is entered, or while it is emptied', () => {
    for (const call of [1, 2]) {
      const { target, folder, outside, isUntouched } = make(['dir/precious', 'dir/sub/precious', 'late']);
      const start = process.cwd();
      let calls = 0;
      const lstat: PathSystem['lstat'] = (path) => {
        const entry = lstatSync(path, { bigint: true });
        const name = call === 1 ? 'dir' : 'sub';
        if (path === name && (calls += 1) === 1) {
          renameSync(join(target, call === 1 ? 'dir' : 'dir/sub'), join(folder, `moved-${name}`));
          symlinkSync(outside, join(target, call === 1 ? 'dir' : 'dir/sub'));
        }
        return entry;
      };
      const { residue } = empty(target, {}, { ...system('darwin').calls, lstat });
      expect(residue).toEqual([{ path: target, reason: 'it was moved during the removal' }]);
      expect([isUntouched(), process.cwd()]).toEqual([true, start]);
    }
  });

  it('goes on when its own working directory is removed', () => {
    const { target, left } = make(['a/b/x', 'c']);
    const start = process.cwd();
    try {
      process.chdir(join(target, 'a/b'));
      expect(empty(target, {}, system('darwin').calls).residue).toEqual([]);
      mkdirSync(join(target, 'gone'));
      process.chdir(join(target, 'gone'));
      rmdirSync(join(target, 'gone'));
      expect(empty(target, {}, system('darwin').calls).residue).toEqual([]);
      expect([left(), process.cwd()]).toEqual([[], '/']);
    } finally {
      process.chdir(start);
    }
  });

  it('removes nothing in a folder into which the emptied one was moved', () => {
    const { target, folder, outside, isUntouched } = make(['dir/sub/file', 'dir/precious']);
    const unlink = (path: string | Buffer) => {
      unlinkSync(path);
      if (path === 'file') renameSync(join(target, 'dir/sub'), join(outside, 'sub'));
    };
    empty(target, {}, { ...system('darwin').calls, unlink });
    expect([isUntouched(), existsSync(join(folder, 'outside/sub'))]).toEqual([true, true]);
  });
});

describe.each(['win32', 'darwin'] as const)('a removal on %s', (platform) => {
  it('keeps entries and the folders above them, and counts what it frees', () => {
    const { target, left } = make(['a/b/kept', 'a/gone', 'c/x']);
    const keep: RemoveOptions['keep'] = (path) =>
      path === 'a/b' ? 'keep' : path === 'a' ? 'look inside' : 'remove';
    const removal = empty(target, { keep }, system(platform).calls);
    expect(removal).toMatchObject({ files: 2, directories: 1, kept: 2, residue: [] });
    expect(removal.freedBytes).toBeGreaterThan(0);
    expect(left()).toEqual(['a', 'a/b', 'a/b/kept']);
  });

  it('does not change a file that has a hard link elsewhere, and frees nothing with it', () => {
    const { target, outside } = make();
    writeFileSync(join(outside, 'stored'), 'x'.repeat(5000));
    chmodSync(join(outside, 'stored'), 0o444);
    const before = lstatSync(join(outside, 'stored'));
    linkSync(join(outside, 'stored'), join(target, 'linked'));
    expect(empty(target, {}, system(platform).calls)).toMatchObject({ files: 1, freedBytes: 0 });
    const { mode, mtimeMs } = lstatSync(join(outside, 'stored'));
    expect([mode, mtimeMs]).toEqual([before.mode, before.mtimeMs]);
  });

  it('stops at its deadline inside of a tree, and a second call finishes', () => {
    const { target, left } = make(Array.from({ length: 100 }, (_, index) => `tree/${index}`));
    let looks = 0;
    const deadline = { ...startDeadline(60_000), remaining: () => ((looks += 1) > 2 ? 0 : 60_000) };
    expect(empty(target, { deadline }, system(platform).calls).finished).toBe(false);
    expect(left().length).toBeGreaterThan(1);
    expect(empty(target, {}, system(platform).calls).finished).toBe(true);
    expect(left()).toEqual([]);
  });
});
