import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSimulator } from '@runner-actions/testing';
import { expect, it } from 'vitest';
import type { Difference } from '../../live/difference.ts';
import { launchJobs } from '../../live/launch-jobs.ts';
import { simulatedFleet } from '../../live/simulated-github.ts';
import { statedJobs } from '../../live/stated.ts';
import { standIn } from './stand-in.ts';

const script = join(import.meta.dirname, '../../live/cli.ts');

/** Runs the command as the last job of live-check.yml does, for a run with a hosted machine only. */
async function check(outputs?: object) {
  const simulator = await startSimulator(simulatedFleet('organization'));
  const jobs = [...(await launchJobs(simulator, ['hosted'])), ...statedJobs];
  await simulator.stop();
  const { api, subject, ...run } = await standIn(jobs);
  const folder = mkdtempSync(join(tmpdir(), 'live-'));
  const env = {
    PATH: process.env['PATH'],
    ...{ GITHUB_API_URL: api.url, JOB_TOKEN: api.tokens.job, RUNNER_TOKEN: api.tokens.runner, LARGE: 'cut' },
    ...{ GITHUB_REPOSITORY: 'octo/app', GITHUB_RUN_ID: subject.runId, GITHUB_RUN_ATTEMPT: '1' },
    ...{ GITHUB_REF_NAME: 'main', GITHUB_ACTOR: 'octocat', OUTPUTS: JSON.stringify(outputs ?? run.outputs) },
  };
  const status = await promisify(execFile)(process.execPath, [script, folder], { env }).then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
  const page = readFileSync(join(folder, 'differences.md'), 'utf8');
  const list = JSON.parse(readFileSync(join(folder, 'differences.json'), 'utf8')) as Difference[];
  // The clean-up leaves a hosted machine alone.
  expect(JSON.stringify(jobs)).toContain('"left":"actions litter"');
  return { status, page, list };
}

it('writes a page without differences that matter, and succeeds', async () => {
  const { status, page, list } = await check();
  expect([status, list.filter(({ weight }) => weight !== 'open')]).toEqual([0, []]);
  expect(page).toContain('## Differences that matter\n\nNone in what was compared.');
  expect(page).toContain('| Large output | an output of 1.2 MB |');
});

it('writes a page with a difference that matters, and fails', async () => {
  const { status, page } = await check({ plain: 'kept' });
  expect(status).toBe(1);
  expect(page).toContain('## Differences that matter: 4');
  expect(page).toContain('| Outputs | output mixed-case | "kept" | dropped |');
});
