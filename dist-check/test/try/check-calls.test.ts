import { describe, expect, it } from 'vitest';
import { checkCalls, grantedToToken } from '../../try/check-calls.ts';
import { checkNeeds } from '../../try/check-needs.ts';
import { parseWorkflow } from '../../try/workflow.ts';

const read = '{ actions: read, contents: read }';

/** Checks a job that calls hybrid-job.yml. */
function check(more: string, permissions = read) {
  const text = `on: push
jobs:
  test:
    permissions: ${permissions}
    uses: acme/runner-actions/.github/workflows/hybrid-job.yml@v3
${more}`;
  return checkCalls(parseWorkflow(text, 'ci.yml'), ['test']);
}

describe('checkCalls', () => {
  it('accepts a call with all that is required', () => {
    expect(check('    with: { command: make, Labels: a }\n    secrets: { runner-token: x }')).toEqual({
      mistakes: [],
      warnings: [],
    });
    expect(check('    with: { command: make }\n    secrets: inherit').mistakes).toEqual([]);
  });

  it('reports an input and a secret that do not exist, with the line and the closest name', () => {
    expect(
      check('    with:\n      command: make\n      label: a\n    secrets:\n      runner_token: x').mistakes,
    ).toEqual([
      "ci.yml:8: job test: the input 'label' does not exist. Did you mean 'labels'?",
      "ci.yml:10: job test: the secret 'runner_token' does not exist. Did you mean 'runner-token'?",
    ]);
  });

  it('reports a required input that is missing', () => {
    expect(check('').mistakes).toEqual([
      "ci.yml:5: job test: the input 'command' is missing. Add it under 'with'.",
    ]);
  });

  it('reports permissions that the job does not grant', () => {
    expect(check('    with: { command: make }', '{ contents: read }').mistakes).toEqual([
      expect.stringContaining(
        "ci.yml:4: job test: the called workflow requests permissions that the job does not grant. Add under 'permissions' of the job: actions: read.",
      ),
    ]);
    expect(check('    with: { command: make }', 'read-all').mistakes).toEqual([]);
  });

  it('reports nothing about permissions that the settings of the repository decide', () => {
    const text =
      'on: push\njobs:\n  test:\n    uses: org/runner-actions/.github/workflows/hybrid-job.yml@v1\n    with: { command: make }';
    expect(checkCalls(parseWorkflow(text, 'ci.yml'), ['test']).mistakes).toEqual([]);
  });

  it('warns of an input that an action does not have', () => {
    const text = `on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: org/runner-actions/select-runner@v1
        with: { label: a }
      - uses: org/runner-actions/restore-local-cache/save@v1
        with: { key: a }
      - uses: other/action@v1
        with: { label: a }`;
    const { mistakes, warnings } = checkCalls(parseWorkflow(text, 'ci.yml'), ['test']);
    expect(mistakes).toEqual([]);
    expect(warnings).toEqual([
      "ci.yml:6: job test: select-runner has no input 'label', so it is ignored. Did you mean 'labels'?",
    ]);
  });

  it('checks only the jobs that run', () => {
    const text =
      'on: push\njobs: { a: { uses: org/runner-actions/.github/workflows/hybrid-job.yml@v1 }, b: { runs-on: x } }';
    expect(checkCalls(parseWorkflow(text, 'ci.yml'), ['b']).mistakes).toEqual([]);
  });
});

describe('checkNeeds', () => {
  const check = (jobs: string) => checkNeeds(parseWorkflow(`on: push\njobs:\n${jobs}`, 'ci.yml'));

  it('accepts jobs that need others', () => {
    expect(check('  a: {}\n  b: { needs: a }\n  c: { needs: [a, b] }')).toEqual([]);
  });

  it('reports a job that does not exist, with the line and the closest name', () => {
    expect(check('  build: {}\n  test:\n    needs: [biuld]')).toEqual([
      "ci.yml:5: job test: it needs the job 'biuld', which does not exist. Did you mean 'build'?",
    ]);
  });

  it('reports jobs that wait for each other', () => {
    expect(check('  a: { needs: b }\n  b: { needs: a }')).toEqual([
      'ci.yml:3: job a: it needs itself, through b, a.',
      'ci.yml:4: job b: it needs itself, through a, b.',
    ]);
  });
});

describe('the token of the jobs', () => {
  const granted = (text: string) => grantedToToken(parseWorkflow(`on: push\n${text}`, 'ci.yml'), ['a', 'b']);

  it('may do what any job grants', () => {
    expect(
      granted(
        'permissions: {}\njobs: { a: { permissions: { actions: write } }, b: { permissions: { actions: read, contents: read } } }',
      ),
    ).toEqual({ actions: 'write', contents: 'read' });
  });

  it('may do nothing if no job grants anything', () => {
    expect(granted('permissions: {}\njobs: { a: {}, b: { permissions: { contents: none } } }')).toEqual({});
  });

  it('may read if the settings of the repository decide', () => {
    expect(granted('jobs: { a: {}, b: {} }')).toEqual({ actions: 'read', contents: 'read' });
  });
});
