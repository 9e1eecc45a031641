import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownerName, ownerOf, readProcess, recordHelper, runningHelpers } from '../src/index.ts';

const makeTemp = (): string => mkdtempSync(join(tmpdir(), 'helpers-'));

describe.runIf(process.platform === 'linux')('recorded helpers', () => {
  it('are those that still run', () => {
    const temp = makeTemp();
    recordHelper(temp, process.pid);
    expect(runningHelpers(temp)).toEqual([
      { pid: process.pid, startTime: readProcess(process.pid)?.startTime },
    ]);
  });

  it('do not include ended ones, other processes with the same pid, and other files', () => {
    const temp = makeTemp();
    const folder = join(temp, 'runner-actions', 'helpers');
    mkdirSync(folder, { recursive: true });
    for (const owner of [
      { startTime: 1 },
      { boot: '00000000-0000-0000-0000-000000000000' },
      { namespace: '1' },
    ])
      writeFileSync(join(folder, ownerName({ ...ownerOf(process.pid), ...owner })), '');
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(runningHelpers(temp)).toEqual([]);
  });

  it('are none without records, and if a job put something else in the place of a folder', () => {
    const temp = makeTemp();
    expect(runningHelpers(temp)).toEqual([]);
    mkdirSync(join(temp, 'runner-actions'));
    symlinkSync(makeTemp(), join(temp, 'runner-actions', 'helpers'));
    expect(runningHelpers(temp)).toEqual([]);
    rmSync(join(temp, 'runner-actions', 'helpers'));
    writeFileSync(join(temp, 'runner-actions', 'helpers'), '');
    expect(runningHelpers(temp)).toEqual([]);
    const elsewhere = makeTemp();
    recordHelper(elsewhere, process.pid);
    rmSync(join(temp, 'runner-actions'), { recursive: true });
    symlinkSync(join(elsewhere, 'runner-actions'), join(temp, 'runner-actions'));
    expect(runningHelpers(temp)).toEqual([]);
  });

  it('are unknown if the temp folder itself cannot be opened', () => {
    const temp = join(makeTemp(), 'file');
    writeFileSync(temp, '');
    expect(runningHelpers(temp)).toMatchObject({
      unknown: expect.stringContaining('helpers cannot be read'),
    });
  });
});
