import { describe, expect, it } from 'vitest';
import type { PastJob } from '@runner-actions/history';
import { assessBreaker, type BreakerFacts } from '../../src/decide/breaker.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const minute = 60_000;
const step = (conclusion: string) => ({
  name: 'x',
  number: 1,
  conclusion,
  startedAt: undefined,
  completedAt: undefined,
});

let lastId = 0;

/** Returns a job, of a run of its own, that ended this many minutes ago. */
function job(ended: number, change: Partial<PastJob> & { minutes?: number } = {}): PastJob {
  const { minutes = 1, ...rest } = change;
  const completedAt = now - ended * minute;
  return {
    ...{
      id: (lastId += 1),
      runId: lastId,
      name: 'build',
      status: 'completed',
      conclusion: 'success',
      labels: [],
      runnerId: 7,
    },
    ...{ runnerName: 'r', runnerGroup: 'Default', createdAt: completedAt - (minutes + 1) * minute },
    ...{ startedAt: completedAt - minutes * minute, completedAt, steps: [step('success')] },
    ...rest,
  };
}
const lost = (ended: number) => job(ended, { conclusion: 'failure' });
const red = (ended: number) => job(ended, { conclusion: 'failure', steps: [step('failure')] });

const failures = { count: 3, window: 15 * minute, open: 30 * minute };
function assess(own: PastJob[], change: Partial<BreakerFacts> = {}) {
  return assessBreaker({ rules: { failures }, own, hosted: [], unfinished: [], runId: 50, now, ...change });
}

describe('assessBreaker: failures', () => {
  it.each([
    ['three failures within the window', [1, 5, 14], 'open'],
    ['three failures over a longer time', [1, 9, 20], 'closed'],
    ['two failures', [1, 2], 'closed'],
    ['three failures, just before the open time ends', [29, 30, 31], 'open'],
    ['three failures, just after the open time ends', [31, 32, 33], 'probe'],
  ] as const)('with %s (%j minutes ago) the state is %s', (_name, times, state) =>
    expect(assess(times.map(lost)).state).toBe(state),
  );

  it('does not count failed tests or jobs that users cancelled', () => {
    expect(assess([1, 2, 3, 4].map(red)).state).toBe('closed');
    expect(assess([1, 2, 3].map((at) => job(at, { conclusion: 'cancelled' }))).state).toBe('closed');
  });

  it('counts a job that no runner took for a day', () => {
    const never = (ended: number) =>
      job(ended, {
        conclusion: 'cancelled',
        runnerId: undefined,
        startedAt: undefined,
        createdAt: now - 24 * 60 * minute,
        steps: [],
      });
    expect(assess([1, 2, 3].map(never)).state).toBe('open');
  });

  it('stays open after a success within the open time, because one good machine does not repair the pool', () => {
    expect(assess([...[5, 6, 7].map(lost), job(1)]).state).toBe('open');
  });
});

describe('assessBreaker: probe', () => {
  const tripped = [31, 32, 33].map(lost);
  const run = (id: number, minutesAgo: number) => ({ id, createdAt: now - minutesAgo * minute });

  it('lets only the oldest run probe that was created after the open time', () => {
    expect(assess(tripped, { unfinished: [run(60, 0.5)] }).state).toBe('probe');
    expect(assess(tripped, { unfinished: [run(40, 0.5)] }).state).toBe('open');
    expect(assess(tripped, { unfinished: [run(40, 20)] }).state).toBe('probe');
  });

  it('lets no run probe that was created before the end of the open time', () => {
    const unfinished = [run(48, 2), run(49, 2), run(50, 2)];
    expect([48, 49, 50].map((runId) => assess(tripped, { unfinished, runId }).state)).toEqual(
      Array.from({ length: 3 }, () => 'open'),
    );
    const since = [...unfinished, run(51, 0.5), run(52, 0.4)];
    expect([50, 51, 52].map((runId) => assess(tripped, { unfinished: since, runId }).state)).toEqual([
      'open',
      'probe',
      'open',
    ]);
  });

  it('closes the breaker when the probe succeeds, and opens it again when the probe fails', () => {
    expect(
      assess([...tripped.map((one) => ({ ...one, completedAt: one.completedAt! - 10 * minute })), job(1)])
        .state,
    ).toBe('closed');
    expect(assess([...tripped, lost(0.5)]).state).toBe('open');
    expect(assess([...[40, 41, 42].map(lost), lost(5), lost(4), lost(3)]).state).toBe('open');
  });

  it('lets no run probe while a new job of the pool is in progress', () => {
    const underWay = job(0, {
      status: 'in_progress',
      conclusion: undefined,
      completedAt: undefined,
      createdAt: now - 0.5 * minute,
    });
    expect(assess([...tripped, underWay]).state).toBe('open');
  });
});

describe('assessBreaker: success-rate', () => {
  const rules = { 'success-rate': { below: 0.8, over: 60 * minute, 'min-runs': 10 } };
  const many = (bad: number, good: number) => [
    ...Array.from({ length: bad }, (_, i) => lost(i + 1)),
    ...Array.from({ length: good }, (_, i) => job(i + 20)),
  ];

  it.each([
    [3, 7, 'open'],
    [2, 8, 'closed'],
    [3, 5, 'closed'],
  ])('with %s jobs that lost their runner and %s that kept it, the state is %s', (bad, good, state) =>
    expect(assess(many(bad, good), { rules }).state).toBe(state),
  );

  it('does not count failed tests', () => {
    const all = [...Array.from({ length: 9 }, (_, i) => red(i + 1)), job(20)];
    expect(assess(all, { rules }).state).toBe('closed');
  });

  it('does not let jobs that were cancelled or skipped hide those that lost their runner', () => {
    const idle = ['cancelled', 'skipped'].flatMap((conclusion) =>
      [25, 26, 27].map((at) => job(at, { conclusion })),
    );
    expect(assess([...many(3, 7), ...idle], { rules }).state).toBe('open');
  });
});

describe('assessBreaker: duration', () => {
  const rules = { duration: { above: 2, runs: 3 } };
  const usual = [50, 60, 70, 80].map((at) => job(at, { minutes: 4 }));
  const slow = [1, 12, 24].map((at) => job(at, { minutes: 10 }));

  it('opens when the newest jobs in a row take too long', () => {
    expect(assess([...usual, ...slow], { rules }).state).toBe('open');
    expect(assess([...usual, ...slow.slice(1), job(0.5, { minutes: 4 })], { rules }).state).toBe('closed');
  });

  it('stays open when slow jobs go on, although they have joined the baseline of few jobs', () => {
    const ongoing = [...[36, 48].map((at) => job(at, { minutes: 10 })), ...slow];
    const earlier = [90, 100, 110].map((at) => job(at, { minutes: 4 }));
    expect(assess([...earlier, ...ongoing], { rules }).state).toBe('open');
  });

  it('stays closed when hosted runners became as slow', () => {
    const hosted = [...usual, job(2, { minutes: 11 })];
    expect(assess([...usual, ...slow], { rules, hosted }).state).toBe('closed');
  });

  it('stays closed with too few earlier jobs to compare with', () => {
    expect(assess([...usual.slice(2), ...slow], { rules }).state).toBe('closed');
  });

  it('stays closed when a job of the same name in another workflow takes longer', () => {
    const other = slow.map((one) => ({ ...one, workflowPath: '.github/workflows/nightly.yml' }));
    expect(assess([...usual, ...other], { rules }).state).toBe('closed');
  });

  it('counts a run once that was slow in each of its attempts', () => {
    const attempts = slow.map((one) => ({ ...one, runId: 77 }));
    expect(assess([...usual, ...attempts], { rules }).state).toBe('closed');
  });
});
