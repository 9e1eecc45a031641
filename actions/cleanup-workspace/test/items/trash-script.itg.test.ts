import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMounts } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { readExitCode, script } from '../../src/items/trash.ts';

const busybox = '/bin/busybox';
const shells = [['/bin/sh'], ['/bin/bash'], [busybox, 'sh']].filter(([program = '']) => existsSync(program));

/** A folder of the trash with two moves, and one file elsewhere that links in it lead to. */
function makeEntry() {
  const root = mkdtempSync(join(tmpdir(), 'script-'));
  const entry = join(root, 'entry');
  const precious = join(root, 'precious');
  for (const name of ['1/app', '2/app']) mkdirSync(join(entry, name), { recursive: true });
  mkdirSync(precious);
  for (const file of [join(entry, '1/app/file'), join(precious, 'file')]) writeFileSync(file, '');
  symlinkSync(precious, join(entry, '1/link'));
  symlinkSync(precious, join(entry, '3'));
  return { root, entry, precious: join(precious, 'file') };
}

const identityOf = (path: string): string => {
  const { dev, ino } = lstatSync(path, { bigint: true });
  return `${dev}:${ino}`;
};

function answerOf(shell: readonly string[], args: readonly string[], wrap: readonly string[] = []) {
  const [program = '', ...rest] = [...wrap, ...shell, '-c', script, 'sh', ...args];
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
  return readExitCode(status ?? -1);
}

describe.each(shells)('the script, in %s %s', (...shell) => {
  const run = (args: readonly string[], wrap?: readonly string[]) =>
    answerOf(
      shell.filter((part): part is string => typeof part === 'string'),
      args,
      wrap,
    );

  it('removes what it is told, and follows no link', () => {
    const { entry, precious } = makeEntry();
    expect(run([entry, identityOf(entry), 'confined', './1', './3', './4'])).toBe('removed');
    expect(['1', '2', '3'].map((name) => existsSync(join(entry, name)))).toEqual([false, true, false]);
    expect(existsSync(precious)).toBe(true);
  });

  it('removes nothing from another folder, from a link to one, or from none', () => {
    const { root, entry } = makeEntry();
    symlinkSync(entry, join(root, 'swapped'));
    for (const path of [entry, join(root, 'swapped'), join(root, 'gone')])
      expect(run([path, identityOf(root), 'confined', './1', './entry'])).toBe('another folder');
    expect(existsSync(join(entry, '1/app/file'))).toBe(true);
  });

  it('removes nothing if something is mounted below the folder', (context) => {
    const { root, entry } = makeEntry();
    const wrap = withMounts([['--bind', join(root, 'precious'), join(entry, '2/app')]]);
    if (wrap === undefined) return context.skip('the machine allows no mounts');
    expect(run([entry, identityOf(entry), 'confined', './1'], wrap)).toBe('mounts');
    expect(existsSync(join(entry, '1/app/file'))).toBe(true);
  });

  it('removes with another rm than that of GNU only where links lead nowhere', (context) => {
    const { entry } = makeEntry();
    const rm = ['/bin/rm', '/usr/bin/rm'].map((path) => ['--bind', busybox, path] as const);
    const wrap = existsSync(busybox) ? withMounts(rm) : undefined;
    if (wrap === undefined) return context.skip('the machine allows no mounts, or has no busybox');
    expect(run([entry, identityOf(entry), 'open', './1'], wrap)).toBe('no GNU rm');
    expect(existsSync(join(entry, '1/app/file'))).toBe(true);
    expect(run([entry, identityOf(entry), 'confined', './1'], wrap)).toBe('removed');
  });
});
