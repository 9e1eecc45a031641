import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJob } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { exportPaths } from '../../src/install/new-paths-io.ts';

describe('folders for PATH', () => {
  it('go to the steps after this one', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'paths-')), 'path');
    writeFileSync(file, '');
    const job = readJob({ GITHUB_ACTIONS: 'true', GITHUB_PATH: file, PATH: '/bin' });
    const exported = await exportPaths(job, ['/opt/bin']);
    expect([exported.problem, exported.job.environment['PATH']]).toEqual([undefined, '/opt/bin:/bin']);
    expect(readFileSync(file, 'utf8')).toBe('/opt/bin\n');
  });

  it.each([{ GITHUB_PATH: '' }, {}])('are a problem in a job with %j', async (variables) => {
    const job = readJob({ GITHUB_ACTIONS: 'true', PATH: '/bin', ...variables });
    const problem = '/opt/bin could not be added to PATH by GITHUB_PATH: the variable is empty or not set';
    expect(await exportPaths(job, ['/opt/bin'])).toEqual({ job, problem });
  });

  it('are for this process alone outside of a job', async () => {
    const exported = await exportPaths(readJob({ GITHUB_PATH: '', PATH: '/bin' }), ['/opt/bin']);
    expect([exported.problem, exported.job.environment['PATH']]).toEqual([undefined, '/opt/bin:/bin']);
  });
});
