import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Job, readJob, warnOnce } from '../src/index.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function temp(): string {
  const folder = mkdtempSync(join(tmpdir(), 'once-'));
  folders.push(folder);
  return folder;
}

/** Warns in a step of its own. @returns how the step showed the message */
async function warn(folder: string, message: string, env: Record<string, string> = {}) {
  const shown: string[] = [];
  const job: Job = readJob({ RUNNER_TEMP: folder, GITHUB_RUN_ID: '1', RUNNER_TRACKING_ID: 'a', ...env });
  const log = { info: () => shown.push('log'), debug: () => undefined, group: () => undefined };
  await warnOnce({ annotate: (level) => void shown.push(level), log, job }, message);
  return shown.join();
}

describe('warnOnce', () => {
  it('annotates in the first step of a job, and logs in later ones', async () => {
    const folder = temp();
    expect(await warn(folder, 'x: 403.')).toBe('warning');
    expect(await warn(folder, 'x: 403.')).toBe('log');
    expect(await warn(folder, 'x: 401.')).toBe('warning');
  });

  it('takes messages that differ only in a number of seconds for the same', async () => {
    const folder = temp();
    await warn(folder, 'retry in 40 s.');
    expect(await warn(folder, 'retry in 39 s.')).toBe('log');
  });

  it('annotates again in another job, even if the folder still holds the files of the last one', async () => {
    const folder = temp();
    await warn(folder, 'x.');
    expect(await warn(folder, 'x.', { RUNNER_TRACKING_ID: 'b' })).toBe('warning');
    expect(await warn(folder, 'x.', { GITHUB_RUN_ATTEMPT: '2' })).toBe('warning');
  });

  it('annotates when it cannot remember: with a link or a file in place of its folder', async () => {
    const [linked, target] = [temp(), temp()];
    symlinkSync(target, join(linked, 'runner-actions'));
    expect([await warn(linked, 'x.'), await warn(linked, 'x.')]).toEqual(['warning', 'warning']);
    expect(readdirSync(target)).toEqual([]);
    const file = temp();
    writeFileSync(join(file, 'runner-actions'), '');
    expect([await warn(file, 'x.'), await warn(file, 'x.')]).toEqual(['warning', 'warning']);
  });

  it('annotates when the file that remembers is a folder or a link, which no step creates', async () => {
    const folder = temp();
    await warn(folder, 'x.');
    const [name = ''] = readdirSync(join(folder, 'runner-actions'));
    const path = join(folder, 'runner-actions', name);
    rmSync(path);
    mkdirSync(path);
    expect(await warn(folder, 'x.')).toBe('warning');
    rmSync(path, { recursive: true });
    symlinkSync('/dev/null', path);
    expect(await warn(folder, 'x.')).toBe('warning');
  });
});
