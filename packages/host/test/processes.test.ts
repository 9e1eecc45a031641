import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bootId, listProcesses, parseStat, processAlive, readProcess } from '../src/processes.ts';
import { kernelTree } from './kernel-tree.ts';

const after = '1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 777 1000 10';
const kernel = kernelTree({
  'proc/1/stat': `1 (init) S 0 ${after}`,
  'proc/1/status': 'Name:\tinit\nUid:\t0\t0\t0\t0\n',
  'proc/1/cmdline': '',
  'proc/42/stat': `42 (a) b (c) R 1 ${after}`,
  'proc/42/status': 'Name:\ta\nUid:\t1001\t1001\t1001\t1001\nNSpid:\t42\n',
  'proc/42/cmdline': 'node\0server.js\0',
  'proc/42/environ': 'PATH=/bin\0RUNNER_TRACKING_ID=github_1\0',
  'proc/43/stat': `43 (gone) Z 1 ${after}`,
  'proc/43/status': 'NSpid:\t43\t7\n',
  'proc/sys/kernel/random/boot_id': 'abc\n',
});

symlinkSync('/work/app', join(kernel.root ?? '', 'proc/42/cwd'));

it('parses names with blanks and parentheses', () => {
  expect(parseStat(`42 (a) b (c) R 1 ${after}`)).toEqual({
    name: 'a) b (c',
    state: 'R',
    parent: 1,
    startTime: 777,
  });
  expect(parseStat('')).toBeUndefined();
  expect(parseStat('42 (cut')).toBeUndefined();
});

it('lists processes with the fields that may be read', () => {
  const found = listProcesses(kernel);
  expect(found).toHaveLength(3);
  expect(found).toContainEqual({
    pid: 42,
    parent: 1,
    user: 1001,
    startTime: 777,
    zombie: false,
    name: 'a) b (c',
    command: 'node server.js',
    program: 'node',
    directory: '/work/app',
    nested: false,
    trackingId: 'github_1',
    environmentReadable: true,
  });
  expect(readProcess(1, kernel)).toMatchObject({ command: '[init]', environmentReadable: false, user: 0 });
});

it('distinguishes a process from another one with the same pid', () => {
  expect(processAlive(42, 777, kernel)).toBe(true);
  expect(processAlive(42, 776, kernel)).toBe(false);
  expect(processAlive(44, 777, kernel)).toBe(false);
  expect(processAlive(43, 777, kernel)).toBe(false);
});

it('returns unknown on other platforms', () => {
  expect(listProcesses({ platform: 'win32' })).toEqual({ unknown: 'Processes cannot be read on win32' });
  expect(processAlive(1, 1, { platform: 'darwin' })).toBeUndefined();
  expect(readProcess(1, { platform: 'darwin' })).toBeUndefined();
});

it('reads the boot id', () => {
  expect(bootId(kernel)).toBe('abc');
  expect(bootId(kernelTree({}))).toBeUndefined();
});

it('sees that a process is in a container', () => {
  expect(readProcess(43, kernel)).toMatchObject({ nested: true });
  expect(readProcess(1, kernel)).toMatchObject({ nested: false, directory: undefined });
});

it('reads a limited part of an environment, in which a missing tracking id then proves nothing', () => {
  const huge = `A=${'x'.repeat(5 * 2 ** 20)}\0`;
  const id = 'RUNNER_TRACKING_ID=github_1\0';
  const read = (environ: string, cmdline = '') =>
    readProcess(
      7,
      kernelTree({
        'proc/7/stat': `7 (x) S 1 ${after}`,
        'proc/7/environ': environ,
        'proc/7/cmdline': cmdline,
      }),
    );
  expect(read(huge + id)).toMatchObject({ trackingId: undefined, environmentReadable: false });
  expect(read(id + huge)).toMatchObject({ trackingId: 'github_1', environmentReadable: true });
  expect(read('A=1\0', 'x'.repeat(100_000))?.command.length).toBeLessThan(5_000);
});
