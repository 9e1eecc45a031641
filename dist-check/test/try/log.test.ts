import { describe, expect, it } from 'vitest';
import { readLine, type RunLog } from '../../try/log.ts';
import { notShownOf, notShownOfEvent } from '../../try/not-shown.ts';
import { formatTable, rowsOf, statusOf } from '../../try/summary.ts';
import { parseWorkflow, type Workflow } from '../../try/workflow.ts';

const world = { runners: [{ labels: ['self-hosted', 'linux'] }] };
const setUp = { step: 'Set up job', msg: '⭐ Run Set up job', level: 'info' };
const success = { jobResult: 'success', msg: '🏁  Job succeeded', level: 'info' };
const failure = { jobResult: 'failure', msg: '🏁  Job failed', level: 'info' };

/** Reads lines of act. Each entry is about the job of its `job`. */
function read(lines: (object | string)[]): { log: RunLog; shown: string[] } {
  const log: RunLog = { jobs: [], errors: [] };
  const shown = lines.flatMap((line) =>
    readLine(typeof line === 'string' ? line : JSON.stringify(line), log, 'CI'),
  );
  return { log, shown };
}

/** Returns the rows of a run of these jobs. */
function rows(
  jobs: string,
  lines: (object | string)[],
  { leftOut = [] as { job: string; labels: string[] }[], called = [] as Workflow[] } = {},
) {
  const workflow = parseWorkflow(`name: CI\non: push\njobs: ${jobs}`, 'ci.yml');
  const cells = { selected: [], labels: [], leftOut };
  return rowsOf(read(lines).log, { workflow, ids: Object.keys(workflow.jobs), world, cells, called });
}

const of = (id: string, ...entries: object[]) =>
  entries.map((entry) => ({ job: `CI/${id} `, jobID: id, matrix: {}, ...entry }));

describe('the lines to show', () => {
  it('are steps, their output, annotations and failures, with the name of the job', () => {
    const step = { stage: 'Main', step: 'make\nmake install', level: 'info' };
    const { shown } = read(
      of(
        'build',
        setUp,
        { ...step, msg: '⭐ Run Main make' },
        { ...step, msg: 'compiling\r\n', raw_output: true },
        {
          ...step,
          level: 'warning',
          command: 'warning',
          arg: 'old',
          kvPairs: { file: 'a.c', line: '3' },
          msg: 'x',
        },
        { ...step, command: 'set-output', msg: '::set-output' },
        { ...step, level: 'debug', msg: 'setupEnv => map[TOKEN:abc]' },
        { ...step, stepResult: 'failure', msg: 'Failure' },
      ),
    );
    expect(shown).toEqual([
      'build | ▸ make',
      'build |   compiling',
      'build |   warning: a.c:3: old',
      'build | ✗ make',
    ]);
  });

  it('do not repeat that a job failed', () => {
    const { log, shown } = read([
      "Error: Job 'build' failed",
      'time="2026-01-02T03:04:05Z" level=debug msg="Unable to load etag"',
      'Error: workflow is not valid',
      '{ no JSON',
    ]);
    expect(shown).toEqual([]);
    expect(log.errors).toEqual(['workflow is not valid', '{ no JSON']);
  });
});

describe('the rows of the report', () => {
  it('say where a job with literal labels was placed', () => {
    expect(rows('{ a: { runs-on: ubuntu-latest } }', of('a', setUp, success))).toEqual([
      { job: 'a', place: 'hosted ubuntu-latest', result: 'success', why: '' },
    ]);
  });

  it('take the labels of an expression from the log', () => {
    const evaluated = {
      level: 'debug',
      msg: "expression '${{ fromJSON(needs.pick.outputs.on) }}' evaluated to '[%!t(string=self-hosted) %!t(string=linux)]'",
    };
    const condition = { level: 'debug', msg: "expression 'success()' evaluated to 'true'" };
    const later = { level: 'debug', msg: "expression 'format('x')' evaluated to '%!t(string=x)'" };
    const job = "{ a: { runs-on: '${{ fromJSON(needs.pick.outputs.on) }}' } }";
    expect(rows(job, of('a', condition, evaluated, setUp, later, success))).toMatchObject([
      { place: 'a free runner: self-hosted, linux', result: 'success' },
    ]);
  });

  it('do not guess labels that nothing shows', () => {
    const job = "{ a: { runs-on: '${{ inputs.on }}' } }";
    expect(rows(job, of('a', setUp, success))).toMatchObject([{ place: 'not known', result: 'success' }]);
  });

  it('say that a job would wait which act ran because it looks at one label only', () => {
    expect(rows('{ a: { runs-on: [self-hosted, gpu] } }', of('a', setUp, success))).toMatchObject([
      { place: 'no runner has all of these labels: self-hosted, gpu', result: 'would wait' },
    ]);
  });

  it('say that a job would wait which act skipped', () => {
    const skipped = {
      level: 'info',
      msg: '🚧  Skipping unsupported platform -- Try running with `-P gpu=...`',
    };
    expect(rows("{ a: { runs-on: '${{ inputs.on }}' } }", of('a', skipped))).toMatchObject([
      { place: 'no runner has all of these labels: gpu', result: 'would wait' },
    ]);
  });

  it('do not judge a group of runners, which the world does not have', () => {
    expect(rows('{ a: { runs-on: { group: big, labels: [gpu] } } }', of('a', setUp, success))).toMatchObject([
      { place: 'a runner of the group big', result: 'success' },
    ]);
  });

  it('name the steps that failed', () => {
    const failed = { step: 'make', stage: 'Main', stepResult: 'failure', level: 'info', msg: 'Failure' };
    const lines = of('a', setUp, failed, failure);
    expect(rows('{ a: { runs-on: ubuntu-latest } }', lines)).toMatchObject([
      { result: 'failure', why: 'make' },
    ]);
    expect(rows('{ a: { runs-on: ubuntu-latest, continue-on-error: true } }', lines)).toMatchObject([
      { result: 'failure, allowed' },
    ]);
  });

  it('do not call a job red which act could not try', () => {
    const error = {
      level: 'error',
      msg: 'failed to fetch "https://github.com/a/b" version "v1": no such host',
    };
    expect(rows('{ a: { runs-on: ubuntu-latest } }', of('a', setUp, error, failure))).toMatchObject([
      { result: 'not tried', why: expect.stringContaining('failed to fetch') },
    ]);
  });

  it('show a called workflow by its jobs, without those that are skipped', () => {
    const caller = {
      job: 'CI/test',
      jobID: 'test',
      level: 'debug',
      msg: "expression 'x' evaluated to '%!t(string=y)'",
    };
    const inner = (id: string, entry: object) => ({ job: `test/Hybrid job/${id}`, jobID: id, ...entry });
    const skipped = { jobResult: 'skipped', level: 'debug', msg: 'Skipping job' };
    const lines = [caller, inner('Run', setUp), inner('Run', success), inner('Fallback', skipped)];
    expect(rows('{ test: { uses: a/b/.github/workflows/c.yml@v1 } }', lines).map(({ job }) => job)).toEqual([
      'test/Hybrid job/Run',
    ]);
  });

  it('take literal labels from the only called workflow that has the job', () => {
    const one = parseWorkflow('on: workflow_call\njobs: { p: { runs-on: [self-hosted, linux] } }', 'one.yml');
    const other = parseWorkflow('on: workflow_call\njobs: { p: { runs-on: ubuntu-latest } }', 'other.yml');
    const lines = [setUp, success].map((entry) => ({ job: 'call/one/p', jobID: 'p', ...entry }));
    const jobs = '{ call: { uses: ./.github/workflows/one.yml } }';
    const place = 'a free runner: self-hosted, linux';
    expect(rows(jobs, lines, { called: [one] })[0]).toMatchObject({ job: 'call/one/p', place });
    expect(rows(jobs, lines, { called: [one, other] })[0]).toMatchObject({ place: 'not known' });
  });

  it('name the cells of a matrix, also those that were left out', () => {
    const job = "{ a: { runs-on: '${{ matrix.os }}' } }";
    const cell = { job: 'CI/a-1', jobID: 'a', matrix: { os: 'ubuntu-latest' } };
    const lines = [
      { ...cell, ...setUp },
      { ...cell, ...success },
    ];
    expect(rows(job, lines, { leftOut: [{ job: 'a', labels: ['windows-latest'] }] })).toMatchObject([
      { job: 'a (ubuntu-latest)', place: 'hosted ubuntu-latest', result: 'success' },
      { job: 'a (windows-latest)', result: 'not tried' },
    ]);
  });

  it('have a job that act never named', () => {
    expect(rows('{ a: { runs-on: ubuntu-latest } }', [])).toMatchObject([
      { job: 'a', result: 'not run', why: 'act does not say why' },
    ]);
    const jobs = '{ a: { runs-on: ubuntu-latest }, b: { runs-on: ubuntu-latest } }';
    expect(rows(jobs, of('a', setUp, failure))[1]).toMatchObject({
      why: 'act starts no more jobs after a call or a download that failed; GitHub might',
    });
  });
});

describe('the exit status', () => {
  const statusFor = (...results: string[]) =>
    statusOf(
      results.map(
        (result) => ({ job: 'a', place: '', why: '', result }) as Parameters<typeof statusOf>[0][0],
      ),
    );

  it('is 0 for a green run, 1 for a red one, and 3 if that is not known', () => {
    expect(statusFor('success', 'skipped', 'failure, allowed')).toBe(0);
    expect(statusFor('success', 'would wait')).toBe(1);
    expect(statusFor('failure', 'not tried')).toBe(1);
    expect(statusFor('success', 'not tried')).toBe(3);
    expect(statusFor('success', 'not run')).toBe(3);
  });
});

describe('formatTable', () => {
  it('aligns the columns', () => {
    expect(
      formatTable([
        { job: 'a', place: 'hosted ubuntu-latest', result: 'success', why: '' },
        { job: 'longer', place: '', result: 'failure', why: 'make' },
      ]),
    ).toEqual([
      'job     placed on             result',
      'a       hosted ubuntu-latest  success',
      'longer                        failure  make',
    ]);
  });
});

describe('what act cannot show', () => {
  const workflow = parseWorkflow(
    `on: { push: { branches: [main] }, pull_request: null }
permissions: {}
jobs:
  a: { runs-on: { group: big }, environment: production, concurrency: x, services: {} }
  b: { runs-on: ubuntu-latest }
  c: { runs-on: '\${{ matrix.os }}' }
  d: { runs-on: '\${{ fromJSON(matrix.os) }}' }`,
    'ci.yml',
  );

  it('names only what the jobs use', () => {
    const shown = notShownOf(workflow, ['a', 'b', 'c', 'd']).join('\n');
    expect(shown).toMatch(/^permissions: act enforces none.*\(all jobs\)$/m);
    for (const start of ['concurrency', 'environment', 'services', 'runs-on: the group'])
      expect(shown).toMatch(new RegExp(`^${start}.*\\(a\\)$`, 'm'));
    expect(shown).toMatch(/^runs-on: act evaluates it once.*\(d\)$/m);
    expect(shown).not.toMatch(/OIDC|checkout|cache/);
    expect(notShownOf(workflow, ['b'])).toHaveLength(1);
  });

  it('names the filters of the event', () => {
    expect(notShownOfEvent(workflow, 'push')).toEqual(['on.push: the filters branches are not applied']);
    expect(notShownOfEvent(workflow, 'pull_request')).toEqual([]);
  });
});
