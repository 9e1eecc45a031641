// Situation 23: three runs in a row that take more than twice as long.
import { createSeededRandom } from '@runner-actions/testing/hostile';
import { describe, expect, it } from 'vitest';
import { rollbackRule, rollbackSignal, slownessOf, successfulRuns } from '../src/slow-runs.ts';
import { pastJob, pastJobs, times } from './past-job.ts';

const usual = times(8, 60);
const signal = (...durations: number[]) => rollbackSignal(successfulRuns(pastJobs(durations)));
/** Returns after which of the runs, counted from 1, there is a signal. */
const signals = (...durations: number[]): number[] =>
  durations.map((_, index) => index + 1).filter((end) => signal(...durations.slice(0, end)).rollback);

describe('rollbackSignal', () => {
  it.each([
    ['two slow runs', [200, 200], []],
    ['three slow runs in a row', [200, 200, 200], [11]],
    ['three slow runs that are not in a row', [200, 200, 60, 200], []],
    ['three runs that take just twice as long', [120, 120, 120], []],
    ['slow runs that go on: one signal only', times(6, 200), [11]],
    ['slow runs after one or two good ones: still latched', [200, 200, 200, 60, 60, 200, 200, 200], [11]],
    [
      'slow runs after three good ones: a second signal',
      [200, 200, 200, 60, 60, 60, 200, 200, 200],
      [11, 17],
    ],
  ])('for %s', (_case, durations, expected) => expect(signals(...usual, ...durations)).toEqual(expected));

  it('is silent while the baseline is learning', () => {
    expect(signals(...times(5, 60), 200, 200, 200)).toEqual([]);
    expect(signals(...times(6, 60), 200, 200, 200)).toEqual([9]);
  });

  it('stays latched until three good runs in a row have followed', () => {
    const slow = [...usual, 200, 200, 200];
    expect(signal(...slow)).toEqual({ rollback: true, isLatched: true, slowRuns: 3 });
    expect(signal(...slow, 60, 60)).toEqual({ rollback: false, isLatched: true, slowRuns: 0 });
    expect(signal(...slow, 60, 60, 60)).toMatchObject({ isLatched: false });
  });

  it('gives no second signal when what was slow has become usual', () => {
    expect(signals(...usual, ...times(60, 200))).toEqual([11]);
    expect(signal(...usual, ...times(60, 200))).toMatchObject({ isLatched: false });
  });

  it.each([9, 10, 11, 12, 14, 20, 40])(
    'gives one signal if only the newest %i runs can be read each time',
    (known) => {
      const random = createSeededRandom(known);
      const around = (usually: number): number => usually + random.number(usually / 10);
      const all = [...times(45, 60), ...times(40, 200)].map(around);
      const ends = all.map((_, index) => index + 1);
      expect(ends.filter((end) => signal(...all.slice(Math.max(0, end - known), end)).rollback)).toEqual([
        48,
      ]);
    },
  );
});

describe('successfulRuns', () => {
  it('leaves out runs that failed, were cancelled or skipped, between slow ones as well', () => {
    const bad = ['failure', 'cancelled', 'skipped', 'timed_out'].map((conclusion, index) =>
      pastJob(98, { conclusion, id: index, seconds: 900 }),
    );
    const good = pastJobs([60, 61]);
    expect(successfulRuns([...bad, ...good]).map(({ duration }) => duration)).toEqual([60_000, 61_000]);
  });

  it('counts a run once whose jobs ran again, with the newest attempt', () => {
    const first = pastJob(100, { seconds: 200 });
    const second = pastJob(100, { id: first.id + 1, seconds: 190 });
    for (const jobs of [
      [first, second],
      [second, first],
    ])
      expect(successfulRuns(jobs).map(({ duration }) => duration)).toEqual([190_000]);
    const slow = [...pastJobs([...usual, 200, 60]).slice(0, 9), first, second];
    expect(rollbackSignal(successfulRuns(slow))).toMatchObject({ rollback: false, slowRuns: 2 });
  });

  it('puts the runs in the order in which they ended', () => {
    const jobs = pastJobs([1, 2, 3]);
    expect(successfulRuns(jobs.toReversed())).toEqual(successfulRuns(jobs));
  });
});

describe('slownessOf', () => {
  it('compares only jobs of the same name, class of runner and workflow file', () => {
    const other = [
      { name: 'build (1, 2)' },
      { labels: ['self-hosted', 'linux', 'small'] },
      { workflowPath: '.github/workflows/nightly.yml' },
    ];
    for (const change of other) {
      const runs = successfulRuns([
        ...pastJobs([...usual, 0]).slice(0, 8),
        pastJob(100, { seconds: 600, ...change }),
      ]);
      expect(slownessOf(runs, rollbackRule).at(-1)).toBeUndefined();
    }
    expect(slownessOf(successfulRuns(pastJobs([...usual, 600])), rollbackRule).at(-1)).toBe(10);
  });

  it('does not let the first slow runs of a long row hide the next', () => {
    const rule = { above: 2, runs: 9, atLeast: 3 };
    const runs = successfulRuns(pastJobs([60, 60, 60, ...times(9, 180)]));
    expect(slownessOf(runs, rule).slice(3)).toEqual(times(9, 3));
  });

  it('does not divide by the duration of jobs that take no time', () => {
    expect(slownessOf(successfulRuns(pastJobs([...times(8, 0), 5])), rollbackRule).at(-1)).toBeUndefined();
  });
});
