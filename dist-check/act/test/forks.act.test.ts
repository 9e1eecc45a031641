// Code of a fork runs in the job, so it can write to GITHUB_ENV. It must not get secrets that way.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { callingWorkflow, pullRequestFromFork } from '../fixtures.ts';
import { runAct } from '../run-act.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
beforeAll(() => {
  testBed = createTestBed();
});
afterAll(() => testBed.close());

const claim = 'echo RUNNER_ACTIONS_OWN_CODE=true >> "$GITHUB_ENV"';
const steal = `echo 'RUNNER_ACTIONS_START=echo "$RUNNER_ACTIONS_SECRETS" > "$EFFECT/stolen"' >> "$GITHUB_ENV"`;
const show = (name: string) =>
  `echo "secret=\${SECRET-none} token=\${GITHUB_TOKEN-none}" > "$EFFECT/${name}"`;
const setUp = stringify({
  ...{ name: 'set up', description: 'of a fork' },
  runs: { using: 'composite', steps: [{ shell: 'bash', run: claim }] },
});

describe('hybrid-job for code of a fork', () => {
  it.each([
    ['the command changes variables of the job', { command: `${claim}; ${steal}; ${show('command')}` }, {}],
    [
      'hybrid-setup changes variables of the job',
      { command: show('command') },
      { event: 'pull_request', files: { '.github/actions/hybrid-setup/action.yml': setUp } },
    ],
  ])('passes no secret when %s', async (_case, inputs, scenario) => {
    const given = { 'select-on': 'selector', 'runs-on': '["mine"]', 'finally-command': show('last') };
    const { effects } = await runAct(testBed, {
      workflow: callingWorkflow('hybrid-job.yml', { ...given, ...inputs }, { env: '${{ secrets.ENV }}' }),
      ...{ machines: ['selector', 'mine'], event: 'pull_request_target', payload: pullRequestFromFork },
      ...{ secrets: { ENV: 'SECRET=very-secret-value' }, ...scenario },
    });
    const none = 'secret=none token=none';
    expect(effects).toMatchObject({ command: none, last: none });
    expect(effects).not.toHaveProperty('stolen');
  });
});
