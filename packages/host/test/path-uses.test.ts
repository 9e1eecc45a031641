import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Kernel } from '../src/kernel-files.ts';
import { isUnknown } from '../src/maybe-unknown.ts';
import { describeUse, readPathUses, useOf } from '../src/path-uses.ts';
import { kernelTree } from './kernel-tree.ts';

const stat = (pid: number, flags = 0) => `${pid} (a b) S 1 1 1 0 -1 ${flags} 1 2 3 4 5 6 7 8 20 0 1 0 777 1`;
const own = '22 1 8:1 / / rw - ext4 /dev/sda rw\n';

/** Creates a machine where all processes are visible. */
function machine(files: Record<string, string>, links: Record<string, string> = {}): Kernel {
  const kernel = kernelTree({ 'proc/1/stat': stat(1), 'proc/self/mountinfo': own, ...files });
  const made = { 'proc/self/ns/pid': 'pid:[4026531836]', ...links };
  for (const [path, target] of Object.entries(made)) {
    mkdirSync(join(kernel.root ?? '', path, '..'), { recursive: true });
    symlinkSync(target, join(kernel.root ?? '', path));
  }
  return kernel;
}

/** Returns why a folder is in use. */
function reasonFor(folder: string, kernel: Kernel, top = '/work'): string | undefined {
  const uses = readPathUses([top], kernel);
  if (isUnknown(uses)) return uses.unknown;
  const use = useOf(folder, uses);
  return use && describeUse(use);
}

const links = (pid: number, change: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries({ exe: '/bin/sh', cwd: '/', root: '/', 'fd/0': '/dev/null', ...change }).map(
      ([name, target]) => [`proc/${pid}/${name}`, target],
    ),
  );

it.each([
  ['its program', { exe: '/work/tool/bin/x' }, 'process 7 runs from it'],
  ['its working folder', { cwd: '/work/tool' }, 'process 7 runs from it'],
  ['its root', { root: '/work/tool/rootfs' }, 'process 7 runs from it'],
  ['a program that was deleted', { exe: '/work/tool/bin/x (deleted)' }, 'process 7 runs from it'],
  ['a working folder that was deleted', { cwd: '/work/tool (deleted)' }, 'process 7 runs from it'],
  ['an open file', { 'fd/5': '/work/tool/lock' }, 'process 7 has a file of it open'],
])('finds %s of a process', (_what, change, reason) => {
  const kernel = machine({ 'proc/7/stat': stat(7) }, links(7, change));
  expect(reasonFor('/work/tool', kernel)).toBe(reason);
  expect(reasonFor('/work/to', kernel)).toBeUndefined();
});

it('finds libraries and arguments of a process', () => {
  const maps = machine(
    {
      'proc/7/stat': stat(7),
      'proc/7/maps': '7f00-7f01 r-xp 0000 08:01 5   /work/tool/lib/x.so\n7f02-7f03 rw-p\n',
    },
    links(7),
  );
  expect(reasonFor('/work/tool', maps)).toBe('process 7 runs from it');
  const named = machine(
    { 'proc/7/stat': stat(7), 'proc/7/cmdline': 'node\0--require=/work/tool/x.js\0' },
    links(7),
  );
  expect(reasonFor('/work/tool', named)).toBe('process 7 names it');
});

it('finds folders in the variables of a process, such as its PATH', () => {
  const kernel = machine(
    { 'proc/7/stat': stat(7), 'proc/7/environ': 'A=b\0PATH=/bin:/work/tool/bin:/sbin\0' },
    links(7),
  );
  expect(reasonFor('/work/tool', kernel)).toBe('process 7 names it');
  expect(reasonFor('/work/to', kernel)).toBeUndefined();
});

it('counts a process of this user that cannot be read as a user of everything, but not one of another user', () => {
  const unreadable = (user: number, command: string) =>
    machine({
      ...{ 'proc/7/stat': stat(7), 'proc/7/cmdline': command, 'proc/7/exe': 'no link' },
      'proc/7/status': `Uid:\t${user}\t${user}\n`,
    });
  const self = process.geteuid?.() ?? 0;
  expect(reasonFor('/work/tool', unreadable(self, 'x'))).toBe('process 7 may use it: it cannot be read');
  expect(reasonFor('/work/tool', unreadable(self + 1, 'x'))).toBeUndefined();
  expect(reasonFor('/work/tool', unreadable(self + 1, '/work/tool/x'))).toBe('process 7 names it');
});

it('finds folders that a container has mounted, and ignores a container that has the whole disk', () => {
  const mounted = (root: string) =>
    machine(
      {
        'proc/7/stat': stat(7),
        'proc/7/mountinfo': `${own}40 22 8:1 ${root} /inside rw - ext4 /dev/sda rw\n`,
      },
      links(7),
    );
  expect(reasonFor('/work/tool', mounted('/work/tool/deep'))).toBe('process 7 has it mounted');
  expect(reasonFor('/work/tool', mounted('/work'))).toBe('process 7 has it mounted');
  expect(reasonFor('/work/tool', mounted('/work/other'))).toBeUndefined();
  expect(reasonFor('/work/tool', mounted('/'))).toBeUndefined();
});

it('ignores threads of the kernel, zombies and processes that end', () => {
  const kernel = machine({
    ...{ 'proc/7/stat': stat(7, 0x200000), 'proc/7/exe': 'no link' },
    ...{ 'proc/8/stat': stat(8).replace(' S ', ' Z '), 'proc/8/exe': 'no link' },
    'proc/9/cmdline': 'ended',
  });
  expect(readPathUses(['/work'], kernel)).toEqual([]);
});

it('is not known in a container, with hidden processes, and on other systems', () => {
  const container = machine({});
  expect(readPathUses(['/work'], container)).toEqual([]);
  const hidden = kernelTree({ 'proc/self/mountinfo': own });
  expect(readPathUses(['/work'], hidden)).toEqual({ unknown: 'the system hides processes of other users' });
  const inside = kernelTree({ 'proc/1/stat': stat(1), 'proc/self/mountinfo': own });
  expect(readPathUses(['/work'], inside)).toEqual({
    unknown: 'processes of the machine are not visible in a container',
  });
  expect(readPathUses(['/work'], { platform: 'darwin' })).toEqual({
    unknown: 'Processes cannot be read on darwin',
  });
});
