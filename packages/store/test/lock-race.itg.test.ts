import { spawnSync } from 'node:child_process';
import type * as nodeFs from 'node:fs';
import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import { expect, it, vi } from 'vitest';
import { type LockHolder } from '../src/index.ts';
import { readLock, takeLock } from '../src/lock.ts';

/** What other processes do after this one has read a file for the nth time. */
const others = vi.hoisted(() => ({ path: '', afterRead: [] as (() => void)[] }));

vi.mock('node:fs', async (load) => {
  const fs = await load<typeof nodeFs>();
  let reading: number | undefined;
  const openSync = (...args: Parameters<typeof fs.openSync>): number => {
    const file = fs.openSync(...args);
    if (args[0] === others.path) reading = file;
    return file;
  };
  const closeSync = (file: number): void => {
    fs.closeSync(file);
    if (file !== reading) return;
    reading = undefined;
    others.afterRead.shift()?.();
  };
  return { ...fs, openSync, closeSync };
});

const holder = (job: string, pid = process.pid): LockHolder => ({
  owner: { ...ownerOf(process.pid), pid },
  job,
  purpose: job,
});

it('lets only one process take over a stale lock, even if that process is paused during the takeover', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock');
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(path, JSON.stringify(holder('dead', gone)));
  const answers: string[] = [];
  const second = (): void => {
    const before = new Date(Date.now() - 60_000);
    for (const name of readdirSync(dirname(path))) utimesSync(join(dirname(path), name), before, before);
    answers.push(takeLock(path, holder('second')) === 'taken' ? 'second' : 'none');
  };
  Object.assign(others, { path, afterRead: [() => undefined, second] });
  answers.push(takeLock(path, holder('first')) === 'taken' ? 'first' : 'none');
  expect(answers).toEqual(['none', 'first']);
  expect(readLock(path)?.job).toBe('first');
  expect(readdirSync(dirname(path))).toEqual(['lock']);
});
