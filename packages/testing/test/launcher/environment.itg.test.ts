import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launchJob } from '../../src/index.ts';
import { findRunnerNode } from '../../src/launcher/hooks.ts';
import { makeAction } from './fixture.ts';

const show = (...names: string[]) =>
  `console.log(JSON.stringify(Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, process.env[name]]))))`;
const shown = (step: { stdout: string } | undefined): Record<string, string> =>
  JSON.parse(step?.stdout ?? '{}') as Record<string, string>;

describe('a step of the launcher', () => {
  it('gets the machine’s variables, including those of the runner’s .env file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'runner-'));
    writeFileSync(join(directory, '.env'), 'FROM_FILE=a=b\n\nodd\n=x\nCI=machine\n');
    const action = makeAction({ main: show('MACHINE', 'FROM_FILE', 'CI', 'GITHUB_ACTIONS') });
    const { steps } = await launchJob({
      directory,
      machine: { MACHINE: 'mine', GITHUB_ACTIONS: 'no' },
      steps: [{ action }],
    });
    expect(shown(steps[0])).toEqual({
      MACHINE: 'mine',
      FROM_FILE: 'a=b',
      CI: 'machine',
      GITHUB_ACTIONS: 'true',
    });
  });

  it('cannot change an input, state or context through env or GITHUB_ENV', async () => {
    const first = makeAction({
      main: `set('GITHUB_ENV', 'INPUT_GIVEN', 'file'); set('GITHUB_ENV', 'RUNNER_OS', 'file'); set('GITHUB_ENV', 'OWN', 'file')`,
    });
    const names = ['INPUT_GIVEN', 'GITHUB_SHA', 'RUNNER_OS', 'OWN', 'STEP', 'STATE_a'];
    const second = makeAction(
      { main: `set('GITHUB_STATE', 'a', '1'); ${show(...names)}`, post: show(...names) },
      '  given:\n    default: text\n',
    );
    const env = {
      ...{ INPUT_GIVEN: 'env', GITHUB_SHA: 'env', RUNNER_OS: 'env', STATE_a: 'env' },
      STEP: '${{ env.OWN }} ${{ job.status }}',
    };
    const { steps, posts } = await launchJob({
      steps: [{ action: first }, { action: second, env }, { run: ['false'] }],
    });
    const sha = 'acb5820ced9479c074f688cc328bf03f341a511d';
    const same = { INPUT_GIVEN: 'text', GITHUB_SHA: sha, RUNNER_OS: 'Linux', OWN: 'file' };
    expect(shown(steps[1])).toEqual({ ...same, STEP: 'file success', STATE_a: 'env' });
    expect(shown(posts[0])).toEqual({ ...same, STEP: 'file failure', STATE_a: '1' });
  });

  it('gets the values of the strategy, matrix, action and ref contexts', async () => {
    const names = [
      'GITHUB_ACTION',
      'GITHUB_ACTION_REPOSITORY',
      'GITHUB_ACTION_REF',
      'GITHUB_REF_NAME',
      'GITHUB_REF_TYPE',
    ];
    const action = makeAction(
      { main: show(...names, 'INPUT_TOTAL', 'INPUT_OS') },
      '  total:\n    default: ${{ strategy.job-total }}\n  os:\n    default: ${{ matrix.os }}\n',
    );
    const { steps } = await launchJob({
      env: { GITHUB_REF: 'refs/tags/v1' },
      contexts: { 'matrix.os': 'mac', 'strategy.job-total': '3' },
      steps: [
        { action, id: 'mine' },
        { run: ['/bin/sh', '-c', 'echo "$GITHUB_ACTION [$GITHUB_ACTION_REF]"'] },
      ],
    });
    expect(shown(steps[0])).toEqual({
      ...{ GITHUB_ACTION: 'mine', GITHUB_ACTION_REPOSITORY: 'org/runner-actions', GITHUB_ACTION_REF: 'v1' },
      ...{ GITHUB_REF_NAME: 'v1', GITHUB_REF_TYPE: 'tag', INPUT_TOTAL: '3', INPUT_OS: 'mac' },
    });
    expect(steps[1]?.stdout).toBe('__run []\n');
  });

  it('rejects an input default with a context that action.yml may not use', async () => {
    const action = makeAction({ main: '' }, '  given:\n    default: ${{ vars.FORCE }}\n');
    await expect(launchJob({ steps: [{ action }] })).rejects.toThrow("Unrecognized named-value: 'vars'");
  });

  it('warns about inputs that the action does not declare, and ignores the case of input names', async () => {
    const action = makeAction({ main: show('INPUT_GIVEN', 'INPUT_OTHER') }, '  given:\n    default: text\n');
    const { steps } = await launchJob({ steps: [{ action, with: { GIVEN: 'x', other: 'y' } }] });
    expect(shown(steps[0])).toEqual({ INPUT_GIVEN: 'x', INPUT_OTHER: 'y' });
    expect(steps[0]?.annotations).toEqual([
      { level: 'warning', message: "Unexpected input(s) 'other', valid inputs are ['unused', 'given']" },
    ]);
  });

  it.skipIf(process.platform !== 'linux')(
    'gets an OOM score, so that the kernel kills it before the runner',
    async () => {
      // The runner writes the score just after the start of the process.
      const main = `const { readFileSync } = await import('node:fs');
      const score = () => readFileSync('/proc/self/oom_score_adj', 'utf8').trim();
      while (score() !== process.env.WANTED) await new Promise(setImmediate);
      console.log(score())`;
      const action = makeAction({ main });
      const env = { PIPELINE_JOB_OOMSCOREADJ: '700', WANTED: '700' };
      const { steps } = await launchJob({ env: { WANTED: '500' }, steps: [{ action }, { action, env }] });
      expect(steps.map(({ stdout }) => stdout)).toEqual(['500\n', '700\n']);
    },
  );
});

describe('a hook', () => {
  it('runs on the runner’s own Node, with the machine’s variables and without the workflow’s', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
    const hook = (name: string, code: string): string => {
      writeFileSync(join(folder, name), code);
      return join(folder, name);
    };
    const names = ['MACHINE', 'WORKFLOW', 'GITHUB_REPOSITORY', 'RUNNER_NAME'];
    const script = `${show(...names)}; require('node:fs').appendFileSync(process.env.GITHUB_ENV, 'FROM_HOOK=' + process.version.split('.')[0] + '\\n')`;
    const machine = {
      MACHINE: 'mine',
      ACTIONS_RUNNER_HOOK_JOB_STARTED: hook('started.js', script),
      ACTIONS_RUNNER_HOOK_JOB_COMPLETED: hook(
        'completed.sh',
        'echo "[$WORKFLOW] $PWD" > "$HOOK_OUT"; false; echo no',
      ),
      HOOK_OUT: join(folder, 'out'),
    };
    const action = makeAction({ main: '', post: 'console.log(process.env.FROM_HOOK)' });
    const job = await launchJob({ machine, env: { WORKFLOW: 'theirs' }, steps: [{ action }] });
    expect(shown(job.hooks.started)).toEqual({
      MACHINE: 'mine',
      GITHUB_REPOSITORY: 'octo/app',
      RUNNER_NAME: 'runner-1',
    });
    expect(job.posts[0]?.stdout).toMatch(findRunnerNode() === process.execPath ? /^v\d+/ : /^v20\n/);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(`[] ${job.workspace}\n`);
    expect(job.hooks.completed).toMatchObject({ outcome: 'failure', phase: 'hook', exitCode: 1 });
    expect(job.conclusion).toBe('failure');
  });

  it.each([
    ['/nonexistent/hook.sh', "/nonexistent/hook.sh: File doesn't exist"],
    [process.execPath, `${process.execPath} is not a valid path to a script.`],
  ])('fails the job before its steps if it cannot be started: %s', async (path, message) => {
    const job = await launchJob({
      machine: { ACTIONS_RUNNER_HOOK_JOB_STARTED: path },
      steps: [{ run: ['true'] }],
    });
    expect(job.steps[0]?.outcome).toBe('skipped');
    expect(job.hooks.started?.annotations[0]?.message).toContain(message);
    expect(job.conclusion).toBe('failure');
  });
});
