import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
    // A release has no configuration, so its check fails. After a failed call, act starts no other job.
    files: { '.github/runner-config.yml': 'version: 1\n' },
  });
  const errors = [...log.matchAll(/::error::(.*: expected .*)/g)].map((match) => match[1]);
  expect(errors, log).toEqual(['config-check: call: expected failure, saw success']);
  expect(failedSteps(log)).toEqual(['Compare']);
});
