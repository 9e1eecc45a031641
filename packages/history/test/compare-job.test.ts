// Situations 22 to 24 for the job itself: its class of runner, its attempts, and whether it counts.
import { describe, expect, it } from 'vitest';
import { compareJob, type ComparedJob } from '../src/compare-job.ts';
import { now, pastJob, pastJobs, times } from './past-job.ts';

const usual = pastJobs(times(10, 60));
const slow = (run: number, change = {}) => pastJob(run, { seconds: 200, ...change });
/** Ten usual runs, then two slow ones. The next slow one is the third. */
const twoSlow = [...pastJobs([...times(10, 60), 0, 0]).slice(0, 10), slow(99), slow(100)];
const compare = (jobs: typeof usual, change: Partial<ComparedJob> = {}) =>
  compareJob(
    { ...{ runId: 500, runnerClass: 'big', duration: 200_000, isOnDefaultBranch: true }, ...change },
    jobs,
    now,
  );

describe('compareJob', () => {
  it('compares the job with the runs before it', () => {
    expect(compare(usual)).toMatchObject({
      duration: { regression: 'slower', baseline: { samples: 10, median: 60_000 } },
      rollback: { rollback: false, slowRuns: 1 },
      success: { good: 10, verdict: 'none' },
    });
  });

  it('is learning again after a change of the class of runner', () => {
    expect(compare(usual, { runnerClass: 'small' })).toMatchObject({
      duration: { regression: 'learning', samples: 0 },
      rollback: { rollback: false },
      success: { good: 10 },
    });
  });

  it('is learning without any history', () => {
    expect(compare([]).duration).toEqual({ regression: 'learning', samples: 0, needed: 8 });
  });

  it('does not judge the duration of a job that did not succeed', () => {
    expect(compare(usual, { duration: undefined }).duration).toBeUndefined();
  });

  it('gives the rollback signal with the third slow run', () => {
    expect(compare(twoSlow).rollback).toEqual({ rollback: true, isLatched: true, slowRuns: 3 });
  });

  it('gives no signal for a slow run of another branch, nor for one that failed', () => {
    expect(compare(twoSlow, { isOnDefaultBranch: false }).rollback.rollback).toBe(false);
    const third = [...twoSlow, slow(101)];
    expect(compare(third, { duration: undefined }).rollback).toMatchObject({
      rollback: false,
      isLatched: true,
    });
  });

  it('counts a re-run once: it is not the third slow run after its own first attempt', () => {
    const one = [...pastJobs([...times(10, 60), 0]).slice(0, 10), slow(100)];
    expect(compare([...one, slow(500)]).rollback).toMatchObject({ rollback: false, slowRuns: 2 });
  });

  it('does not give the signal again in a re-run', () => {
    expect(compare([...twoSlow, slow(500)]).rollback).toMatchObject({ rollback: false, isLatched: true });
  });

  it('gives the signal in a re-run whose earlier attempt was not slow, or failed', () => {
    expect(compare([...twoSlow, pastJob(500)]).rollback.rollback).toBe(true);
    expect(compare([...twoSlow, slow(500, { conclusion: 'failure' })]).rollback.rollback).toBe(true);
  });

  it('counts what is odd about the history', () => {
    const copy = { ...usual[0]!, id: 99_999 };
    expect(compare([...usual, copy])).toMatchObject({
      duration: { baseline: { samples: 10 } },
      quality: { copies: 1 },
    });
  });
});
