import { describe, expect, it } from 'vitest';
import type { Question } from '../../live/api-questions.ts';
import type { Answer } from '../../live/ask.ts';
import { compareAnswers, compareShapes, obstacleTo } from '../../live/compare-api.ts';
import { compareJobs, type SeenJob } from '../../live/compare-jobs.ts';
import { renderPage } from '../../live/difference.ts';
import { type LiveRecord, recordsIn } from '../../live/record.ts';
import { shapeOf, watchReads } from '../../live/shape.ts';
import { largeOutput } from '../../live/stated.ts';

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

  it('is unknown where GitHub shows only null, and our code reads the key', () => {
    const ours = [{ a: null }, { a: { b: 1 } }];
    expect(compare([{ a: null }], ours, '[].a')).toEqual(['open; type of [].a; null or object; only null']);
    expect(compare([{ a: null }, { a: { b: 2 } }], ours, '[].a')).toEqual([]);
  });
});

describe('an answer', () => {
  const headers = { date: 'x', etag: 'x' };
  const answer: Answer = { status: 200, headers, text: '{}', body: {} };
  const question: Question = { what: 'runs', path: '/', token: 'job' };
  const obstacle = (change: object, asked = question, ours = answer): string | undefined => {
    const found = obstacleTo(asked, { ...ours, ...change }, ours);
    return found && `${found.weight} ${found.what}: ${found.seen}`;
  };

  it('matters without a header that our code reads', async () => {
    const found = await compareAnswers(question, { ...answer, headers: { etag: 'x' } }, answer, []);
    expect(found.map(({ weight, what }) => `${weight} ${what}`)).toEqual(['matters header date']);
    expect(await compareAnswers(question, answer, answer, [])).toEqual([]);
  });

  it('matters, and has no keys to compare, with another status, as a web page, and as a list', () => {
    expect(obstacle({})).toBeUndefined();
    expect(obstacle({ status: 404 })).toBe('matters status: 404');
    expect(obstacle({ text: '<html>', body: undefined })).toBe('matters body: not JSON');
    expect(obstacle({ body: [] })).toBe('matters body: list');
    expect(obstacle({ body: null })).toBe('matters body: null');
  });

  it('of a rate limit is never what we expect, also with the same status', () => {
    const refused = { ...answer, status: 403, headers: { 'x-ratelimit-remaining': '9' } };
    const seen = 'matters status: 403, a rate limit';
    expect(obstacle({}, question, refused)).toBeUndefined();
    expect(obstacle({ headers: { 'x-ratelimit-remaining': '0' } }, question, refused)).toBe(seen);
    expect(obstacle({ headers: { 'retry-after': '60' } }, question, refused)).toBe(seen);
    expect(obstacle({ body: { message: 'API rate limit exceeded' } }, question, refused)).toBe(seen);
    expect(obstacle({ status: 429 })).toBe('matters status: 429, a rate limit');
  });

  it('is not compared if the token for runners may not ask', () =>
    expect(obstacle({ status: 403 }, { ...question, token: 'runner' })).toBe('open status: 403'));
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
    expect(found([])).toEqual(['matters job: not found, or not finished']);
    expect(found([job, job])).toEqual(['matters job: found 2 times']);
    // A job that was cancelled before it began.
    expect(found([{ name: 'Job', steps: [], noLog: 'status 404' }])).toEqual([
      ...['matters order of the steps: ', 'open log: status 404'],
    ]);
    expect(found([{ ...job, records: [] }])).toEqual(['matters record: missing']);
    expect(found([{ name: 'Job', steps: job.steps, noLog: 'status 404' }])).toEqual(['open log: status 404']);
  });

  it('is reported if it has a record or a fact that we do not expect, or lacks a fact', () => {
    const [record = { experiment: '' }] = job.records ?? [];
    const withRecords = (...records: LiveRecord[]) => found([{ ...job, records }]);
    expect(withRecords(record, { experiment: 'other' })).toEqual(['matters record: in the log']);
    expect(withRecords(record, record)).toEqual(['matters order of main and post: script, script']);
    expect(withRecords({ ...record, more: 'y' })).toEqual(['matters more: y']);
    expect(withRecords({ experiment: 'script', 'script-names': ['GITHUB_SHA'] })).toEqual([
      'matters value: not set',
    ]);
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

  it('makes no link and no formula of it, and shows where a long text is cut', () => {
    const seen = `https://a www.a $x$ ::error::${'y'.repeat(2_000)}`;
    const page = renderPage([{ weight: 'minor', where: 'a', what: 'b', expected: 'c', seen }], 'All.');
    expect(page).toContain('| https&#58;//a www&#46;a &#36;x&#36; ::error::y');
    expect(page).toContain('y… |\n');
  });

  it('does not say that nothing differs without saying of what', () => {
    const page = renderPage([], 'Compared: 0 of 9 jobs.');
    expect(page).toContain('Compared: 0 of 9 jobs. docs/live-check.md');
    expect(page).toContain('## Differences that matter\n\nNone in what was compared.');
  });

  it('shows the result of the job with a large output as the API gives it', () => {
    const job = { name: 'Large output', conclusion: 'failure', steps: [] };
    expect(largeOutput('dropped', job).seen).toBe('dropped, job failure');
    expect(largeOutput('dropped', undefined).seen).toBe('dropped, job not found');
  });
});

describe('a log', () => {
  it('has records after a time and in no script', () => {
    const log =
      '2026-01-02T03:04:05Z live-check {"experiment":"a"}\r\nprintf \'live-check {"experiment":"b","n":[%s]}\'\n';
    expect(recordsIn(log)).toEqual([{ experiment: 'a' }]);
  });

  it('has no record in a line that is cut, or whose JSON is something else', () => {
    const others = [
      '{}',
      '{"experiment":1}',
      '{"experiment":"a","b":{}}',
      '{"experiment":"a","b":[1]}',
      '{"exper',
    ];
    expect(recordsIn(others.map((json) => `live-check ${json}`).join('\n'))).toEqual([]);
  });
});
