import { ownValue } from '@runner-actions/core';
import type { RunJob } from '@runner-actions/github';

/** When the share of good jobs is too low. */
export interface SuccessRule {
  /** From 0 to 1. The share is low if it is below this value. */
  below: number;
  /** Milliseconds. Jobs that ended within this time count. */
  over: number;
  /** With fewer jobs, nothing is judged. */
  atLeast: number;
}

export const dailySuccessRule: SuccessRule = { below: 0.8, over: 24 * 3_600_000, atLeast: 10 };

/** What a completed job says about the share. `left-out`: nothing. */
export type Outcome = 'good' | 'bad' | 'left-out';

export interface SuccessShare {
  verdict: 'none' | 'learning' | 'low';
  good: number;
  bad: number;
  /** Jobs that ended within the time and say nothing: cancelled or skipped ones. */
  leftOut: number;
  /** `good` divided by `good` and `bad`; `undefined` without either. */
  share: number | undefined;
}

/**
 * Judges how many of the jobs that ended lately were good.
 * @param jobs without the copies of re-runs, see `cleanJobs`
 * @param now milliseconds since the epoch, by the clock of the server that gave the jobs
 * @param outcomeOf what counts as good; default: success
 */
export function judgeSuccess<T extends RunJob>(
  jobs: readonly T[],
  rule: SuccessRule,
  now: number,
  outcomeOf: (job: T) => Outcome = outcome,
): SuccessShare {
  const recent = jobs.filter(
    ({ completedAt }) => completedAt !== undefined && now - completedAt <= rule.over,
  );
  const outcomes = recent.map(outcomeOf);
  const count = (wanted: Outcome): number => outcomes.filter((one) => one === wanted).length;
  const [good, bad, leftOut] = [count('good'), count('bad'), count('left-out')];
  const counted = good + bad;
  const share = counted === 0 ? undefined : good / counted;
  const counts = { good, bad, leftOut, share };
  if (share === undefined || counted < rule.atLeast) return { verdict: 'learning', ...counts };
  return { verdict: share < rule.below ? 'low' : 'none', ...counts };
}

const ends: Readonly<Record<string, Outcome>> = {
  success: 'good',
  neutral: 'good',
  failure: 'bad',
  timed_out: 'bad',
  startup_failure: 'bad',
};

/** A conclusion that is not known says nothing. Source: REST API, "List jobs for a workflow run attempt". */
export function outcome({ conclusion = '' }: Pick<RunJob, 'conclusion'>): Outcome {
  return ownValue(ends, conclusion) ?? 'left-out';
}
