import { describe, expect, it } from 'vitest';
import type { Question } from '../../live/api-questions.ts';
import { compareAnswers, compareShapes } from '../../live/compare-api.ts';
import { compareJobs, type SeenJob } from '../../live/compare-jobs.ts';
import { renderPage } from '../../live/difference.ts';
import { recordsIn } from '../../live/record.ts';
import { shapeOf, watchReads } from '../../live/shape.ts';

describe('the shape of an answer', () => {
  it('has one path for all items of a list, and no values', () => {
    const shape = shapeOf({ runs: [{ id: 1 }, { id: null, name: 'x' }], total: 2 });
    expect([...shape].map(([path, types]) => [path, [...types]])).toEqual([
      ['', ['object']],
      ['runs', ['list']],
      ['runs[]', ['object']],
      ['runs[].id', ['number', 'null']],
      ['runs[].name', ['string']],
      ['total', ['number']],
    ]);
  });

  it('tells which keys a reader used, also keys that do not exist', () => {
    const read = new Set<string>();
    const value: { runs: { id: number; other?: string; actor: { login: string } }[] } = {
      runs: [{ id: 1, actor: { login: 'x' } }],
    };
    for (const run of watchReads(value, read).runs) void [run.actor.login, run.other];
    expect([...read]).toEqual(['runs', 'runs[]', 'runs[].actor', 'runs[].actor.login', 'runs[].other']);
  });
});

describe('a difference of shapes', () => {
  const compare = (real: unknown, ours: unknown, ...read: string[]): string[] =>
    compareShapes('x', real, ours, new Set(read)).map(({ weight, what, expected, seen }) =>
      [weight, what, expected, seen].join('; '),
    );

  it('matters if our code reads the key', () => {
    expect(compare({ b: 'x' }, { a: 1, b: 1 }, 'a', 'b')).toEqual([
      'matters; a; number; missing',
      'matters; type of b; number; string',
    ]);
    expect(compare({ a: null }, { a: 1 }, 'a')).toEqual(['matters; type of a; number; null']);
    expect(compare({ a: 1 }, {}, 'a')).toEqual(['matters; a; missing; a key that our code reads']);
  });

  it('is a minor one for other keys, in one row', () => {
    expect(compare({ x: { deep: 1 }, y: 1 }, { a: 1, b: 1 })).toEqual([
      'minor; keys; a, b; missing',
      'minor; more keys; none; x, y',
    ]);
  });

  it('is unknown in an empty list, and in what is missing as a whole', () => {
    expect(compare({ runs: [] }, { runs: [{ id: 1 }] }, 'runs', 'runs[].id')).toEqual([
      'open; runs[]; object; an empty list',
    ]);
  });
});

describe('an answer', () => {
  const answer = { status: 200, headers: { date: 'x', etag: 'x' }, text: '{}', body: {} };
  const question: Question = { what: 'runs', path: '/', token: 'job' };
  const what = async (change: object, asked = question): Promise<string[]> =>
    (await compareAnswers(asked, { ...answer, ...change }, answer, [])).map(
      ({ weight, what, seen }) => `${weight} ${what}: ${seen}`,
    );

  it('matters with another status or without a header that our code reads', async () => {
    expect(await what({})).toEqual([]);
    expect(await what({ status: 404 })).toEqual(['matters status: 404']);
    expect(await what({ headers: { etag: 'x' } })).toEqual(['matters header date: not set']);
  });

  it('is not compared if the token for runners may not ask', async () =>
    expect(await what({ status: 403 }, { ...question, token: 'runner' })).toEqual(['open status: 403']));
});

describe('a job', () => {
  const job: SeenJob = {
    name: 'Job',
    steps: [{ name: 'Work', conclusion: 'success' }],
    records: [{ experiment: 'script', 'script-names': ['GITHUB_SHA'], value: 'x' }],
  };
  const found = (real: SeenJob[]): string[] =>
    compareJobs(real, [job]).map(({ weight, what, seen }) => `${weight} ${what}: ${seen}`);
  const withNames = (...names: string[]) => [
    { ...job, records: [{ experiment: 'script', 'script-names': names, value: 'x' }] },
  ];

  it('is reported if it or its record is missing, or if GitHub does not give its log', () => {
    expect(found([])).toEqual(['matters job: not found']);
    expect(found([{ ...job, records: [] }])).toEqual(['matters record: missing']);
    expect(found([{ name: 'Job', steps: job.steps, noLog: 404 }])).toEqual(['open log: status 404']);
  });

  it('may have steps that we do not know', () =>
    expect(found([{ ...job, steps: [{ name: 'Set up job', conclusion: 'success' }, ...job.steps] }])).toEqual(
      [],
    ));

  it('is reported if a variable is missing, or if a script sees the services of the run', () => {
    expect(found(withNames())).toEqual(['matters script-names: not set']);
    expect(found(withNames('GITHUB_SHA', 'GITHUB_NEW'))).toEqual(['minor script-names: GITHUB_NEW']);
    expect(found(withNames('GITHUB_SHA', 'ACTIONS_RUNTIME_TOKEN'))).toEqual([
      'matters script-names: ACTIONS_RUNTIME_TOKEN',
    ]);
  });
});

describe('the page', () => {
  it('escapes what GitHub answered', () => {
    const row = { where: 'a', what: 'b', expected: 'c', seen: '<b>|\n`x' };
    expect(renderPage([{ weight: 'minor', ...row }], 'All.')).toContain(
      '| a | b | c | &#60;b&#62;&#124; &#96;x |',
    );
  });
});

describe('a log', () => {
  it('has records after a time and in no script', () => {
    const log =
      '2026-01-02T03:04:05Z live-check {"experiment":"a"}\r\nprintf \'live-check {"experiment":"b","n":[%s]}\'\n';
    expect(recordsIn(log)).toEqual([{ experiment: 'a' }]);
  });
});
