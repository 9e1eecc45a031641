// What hybrid-job.yml passes to the command and to GitHub's actions, and what it passes back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { runAct, type Outcome, type Scenario } from '../run-act.ts';
import { callingWorkflow, ownPullRequest, pullRequestFromFork } from '../fixtures.ts';
import { failedSteps, outputsOf } from '../results.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
beforeAll(() => void (testBed = createTestBed()));
afterAll(() => testBed.close());

const secrets = {
  ...{ 'checkout-token': '${{ secrets.CHECKOUT_TOKEN }}', 'ssh-key': '${{ secrets.SSH_KEY }}' },
  env: '${{ secrets.ENV }}',
};

/** Runs a job on the machine `mine`, without a selection. */
function run(inputs: Record<string, unknown>, more: Partial<Scenario> = {}): Promise<Outcome> {
  const workflow = callingWorkflow(
    'hybrid-job.yml',
    { 'select-on': 'selector', 'runs-on': '["mine"]', ...inputs },
    secrets,
  );
  return runAct(testBed, { workflow, machines: ['selector', 'mine'], ...more });
}

describe('hybrid-job', () => {
  it('passes to the next job what the command and the finally-command wrote as results', async () => {
    const { effects, status, log } = await run({
      command: 'printf "one=1\\ntext<<E\\na \\"b\\"\\nc\\nE\\n" >> "$HYBRID_OUTPUT"',
      'finally-command': 'echo "two=$NAME" >> "$HYBRID_OUTPUT"',
      env: 'NAME=n',
    });
    const { result = '' } = outputsOf('hybrid-job.yml', effects);
    expect(JSON.parse(result), log).toEqual({ one: '1', text: 'a "b"\nc', two: 'n' });
    expect(status).toBe(0);
  });

  it('runs the finally-command after a failed command, and passes on the results', async () => {
    const command = 'echo "one=1" >> "$HYBRID_OUTPUT"; exit 3';
    const { effects, log } = await run({
      command,
      'finally-command': 'echo "$A" > "$EFFECT/last"',
      env: 'A=b',
    });
    expect(effects['last']).toBe('b');
    expect(failedSteps(log)).toEqual(['Run the command', 'Check the result']);
  });

  it('does not run the finally-command when the command never started', async () => {
    const { effects } = await run({
      ...{ command: 'true', 'finally-command': 'echo > "$EFFECT/last"', 'checkout-ref': 'nowhere' },
    });
    expect(effects).toEqual({});
  });

  it.each(['sh', 'perl -x {0}'])('runs the command in the shell %s', async (shell) => {
    const command = '#!perl\nopen(my $f, ">", "$ENV{EFFECT}/ran"); print $f "$ENV{A}\\n";';
    const { effects, log } = await run({
      shell,
      command: shell === 'sh' ? 'echo $A > $EFFECT/ran' : command,
      env: 'A=b',
    });
    expect(effects['ran'], log).toBe('b');
  });

  it('is green after a failed command with continue-on-error', async () => {
    const { log } = await run({ command: 'exit 3', 'continue-on-error': true });
    expect(failedSteps(log)).toEqual(['Run the command']);
    expect(log).toMatch(/The command succeeded\.|which continue-on-error allows\./);
  });

  it.each([
    ['a push', {}, true, 'job-token'],
    ['a push without use-token', {}, false, ''],
    [
      'a pull request from a fork',
      { event: 'pull_request', payload: pullRequestFromFork },
      true,
      'job-token',
    ],
    [
      'a pull_request_target of a fork',
      { event: 'pull_request_target', payload: pullRequestFromFork },
      true,
      '',
    ],
  ] as const)('tells the command the token of the job for %s: %o', async (_what, more, use, expected) => {
    const command = 'printf %s "${GITHUB_TOKEN-}" > "$EFFECT/token"';
    const { effects, log } = await run({ command, 'use-token': use }, more);
    expect(effects['token'], log).toBe(expected);
  });

  it.each([
    ['an own pull request', ownPullRequest, 'another token', true],
    ['a pull request from a fork', pullRequestFromFork, 'the token of the job', false],
  ])('checks out %s with the secrets that it may have', async (_what, payload, token, hasKey) => {
    const given = { CHECKOUT_TOKEN: 'reads-submodules', SSH_KEY: 'a-key' };
    const { log } = await run(
      { command: 'true', repository: 'octo/other' },
      { event: 'pull_request', payload, secrets: given },
    );
    expect(log).toContain(`Checks out octo/other with ${token}.`);
    expect(log.includes('It has an SSH key.')).toBe(hasKey);
  });

  it('checks out the repository of the run, with the token of the job, by default', async () => {
    const { log } = await run({ command: 'true' });
    expect(log).toContain('Checks out octo/app with the token of the job.');
    expect(log).not.toContain('It has an SSH key.');
  });

  it('checks out only the folders of sparse-checkout', async () => {
    const files = { 'one/a': '1', 'two/b': '2' };
    const { effects } = await run(
      { command: 'echo */* > "$EFFECT/files"', 'sparse-checkout': 'one' },
      { files },
    );
    expect(effects['files']).toBe('one/a');
  });

  it('passes on how long to keep the artifact, and what to do without one', async () => {
    const { log } = await run({
      ...{ command: 'mkdir out && touch out/log', 'artifact-paths': 'out' },
      ...{ 'artifact-retention-days': 3, 'artifact-if-missing': 'error' },
    });
    expect(log).toContain('Keeps it for 3 days. Missing files: error.');
  });

  describe('with .github/actions/hybrid-setup', () => {
    const steps = [
      {
        shell: 'bash',
        run: 'echo "TOOL=of $MATRIX" >> "$GITHUB_ENV"; echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"',
      },
    ];
    const action = stringify({ name: 'Set up', description: 'Tools', runs: { using: 'composite', steps } });
    const files = { '.github/actions/hybrid-setup/action.yml': action };
    const command = 'echo "$TOOL" > "$EFFECT/tool"; case $PATH in */bin:*) touch "$EFFECT/path" ;; esac';

    it('runs it before the command, which finds its variables and its PATH', async () => {
      const { effects, log } = await run({ command, matrix: '{"node":24}' }, { files });
      expect(effects, log).toMatchObject({ tool: 'of {"node":24}', path: '' });
    });

    it.each([
      ['another commit is checked out', { 'checkout-ref': 'HEAD' }],
      ['another repository is checked out', { repository: 'octo/other' }],
    ])('does not run it when %s', async (_what, inputs) => {
      const { effects, log } = await run({ command, ...inputs }, { files });
      expect(effects['tool'], log).toBe('');
    });
  });
});
