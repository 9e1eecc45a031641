import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { root } from '../../actions.ts';
import { workflowPath } from '../../live/launch-jobs.ts';
import { recordsIn } from '../../live/record.ts';
import { statedJobs } from '../../live/stated.ts';
import { runAct } from '../run-act.ts';
import { oneRunner } from '../fixtures.ts';
import { failedSteps } from '../results.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
beforeAll(() => void (testBed = createTestBed()));
afterAll(() => testBed.close());

it('calls every workflow of a release, and finds what it expects of them', async () => {
  const release = testBed.repositories()['org/runner-actions@v1'] ?? '';
  const workflow = readFileSync(join(release, '.github/workflows/live-check-workflows.yml'), 'utf8');
  const { log } = await runAct(testBed, {
    ...{
      workflow,
      event: 'workflow_dispatch',
      machines: ['ubuntu-latest', 'self-hosted'],
      fleet: oneRunner({}),
    },
    payload: { inputs: { labels: 'self-hosted, linux' } },
    secrets: { LIVE_RUNNER_TOKEN: 'organization-token' },
    // A release has no configuration, so its check fails. After a failed call, act starts no other job.
    files: { '.github/runner-config.yml': 'version: 1\n' },
  });
  const errors = [...log.matchAll(/::error::(.*: expected .*)/g)].map((match) => match[1]);
  expect(errors, log).toEqual(['config-check: call: expected failure, saw success']);
  expect(failedSteps(log)).toEqual(['Compare']);
});

it('prints what the page of differences needs, also in nested actions and in a job that fails', async () => {
  const { jobs } = parse(readFileSync(workflowPath, 'utf8')) as { jobs: Record<string, object> };
  // The other jobs install packages or need GitHub's cache.
  const { nested = {}, failing = {} } = jobs;
  const paths = ['dist-check/package.json', ...globSync('dist-check/live/**/*.{ts,yml}', { cwd: root })];
  const { log } = await runAct(testBed, {
    workflow: stringify({ name: 'Live check', on: 'workflow_dispatch', jobs: { nested, failing } }),
    ...{ event: 'workflow_dispatch', machines: ['ubuntu-latest'] },
    files: Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])),
  });
  const recordsOf = (name: string) =>
    recordsIn(
      log
        .split('\n')
        .filter((line) => line.startsWith(`[Live check/${name}`))
        .join('\n'),
    );
  expect(recordsOf('Nested'), log).toEqual(statedJobs.find(({ name }) => name === 'Nested')?.records);
  expect(recordsOf('Failing').map(({ experiment }) => experiment)).toEqual([
    ...['first main', 'second main', 'second post', 'first post'],
  ]);
});
