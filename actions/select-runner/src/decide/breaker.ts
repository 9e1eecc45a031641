import { isInfrastructureFailure, type PastJob } from '@runner-actions/history';
import type { Config } from '@runner-actions/config';

/**
 * `closed`: use the pool. `probe`: only this run uses the pool, to test whether it works again. `open`: skip the pool.
 */
export const breakerStates = ['closed', 'open', 'probe'] as const;

export interface BreakerState {
  state: (typeof breakerStates)[number];
  why: string;
}

type Rules = NonNullable<Config['breaker']>;

export interface BreakerFacts {
  rules: Rules;
  /** Finished and running jobs of the pool, in any order. */
  own: readonly PastJob[];
  /** Jobs that ran on GitHub's own runners. If they became slow too, the pool is not the cause. */
  hosted: readonly PastJob[];
  /** Unfinished runs of this repository, as far as they were read. May include this run. */
  unfinished: readonly { id: number; createdAt: number }[];
  runId: number;
  now: number;
}

const closed: BreakerState = { state: 'closed', why: '' };
/**
 * How long `success-rate` and `duration` keep the breaker open after the last bad job. Only `failures` configures it.
 */
const defaultOpenTime = 30 * 60_000;

/**
 * Decides from its jobs whether a pool is failing. Nothing is stored. Only infrastructure failures count as failures,
 * so failing tests on a branch do not open the breaker. After the open time one run probes the pool: the oldest
 * unfinished run that was created since then.
 */
export function assessBreaker(facts: BreakerFacts): BreakerState {
  const trips = [byFailures(facts), byRate(facts), byDuration(facts)].filter((trip) => trip !== undefined);
  const tripped = trips.sort((one, other) => other.until - one.until)[0];
  if (tripped === undefined) return closed;
  const last = extendByFailedProbes(tripped, facts.own);
  if (facts.own.some((job) => isSuccess(job) && (job.startedAt ?? 0) >= last.until)) return closed;
  if (facts.now < last.until)
    return {
      state: 'open',
      why: `${last.why}; the pool is skipped until ${new Date(last.until).toISOString().slice(11, 16)} UTC`,
    };
  return probe(facts, last);
}

interface Trip {
  /** When the open time ends. A job that starts later and succeeds closes the breaker. */
  until: number;
  /** Length of the open time, in milliseconds. */
  open: number;
  why: string;
}

/** A failed probe opens the breaker again for the same time. */
function extendByFailedProbes(trip: Trip, own: readonly PastJob[]): Trip {
  const next = failureTimes(own).find((time) => time >= trip.until);
  return next === undefined ? trip : extendByFailedProbes({ ...trip, until: next + trip.open }, own);
}

function probe({ own, unfinished, runId, now }: BreakerFacts, { until, why }: Trip): BreakerState {
  const isBeingProbed = own.some((job) => job.status !== 'completed' && job.createdAt >= until);
  // Many runs may have been created before the open time ended and select after it. Each would take itself for the
  // oldest.
  const isTooOld = unfinished.some(({ id, createdAt }) => id === runId && createdAt < until);
  if (isTooOld) return { state: 'open', why: `${why}; only a run created after the open time may probe it` };
  const candidates = unfinished.filter(({ createdAt }) => createdAt >= until && createdAt <= now);
  const first = Math.min(runId, ...candidates.map(({ id }) => id));
  if (isBeingProbed || first !== runId)
    return { state: 'open', why: `${why}; another run is probing it now` };
  return { state: 'probe', why: `${why}; this run is the probe` };
}

function byFailures({ rules, own }: BreakerFacts): Trip | undefined {
  if (rules.failures === undefined) return undefined;
  const { count, window, open } = rules.failures;
  const times = failureTimes(own);
  for (let index = times.length - 1; index >= count - 1; index -= 1) {
    const [last = 0, first = 0] = [times[index], times[index - count + 1]];
    if (last - first > window) continue;
    return { until: last + open, open, why: `${count} infrastructure failures within ${minutes(window)}` };
  }
  return undefined;
}

function byRate({ rules, own, now }: BreakerFacts): Trip | undefined {
  const rule = rules['success-rate'];
  if (rule === undefined) return undefined;
  const ended = own.filter((job) => job.completedAt !== undefined && now - job.completedAt <= rule.over);
  const failures = failureTimes(ended);
  const rate = 1 - failures.length / ended.length;
  if (ended.length < rule['min-runs'] || rate >= rule.below) return undefined;
  const since = failures.at(-1) ?? now;
  return {
    until: since + defaultOpenTime,
    open: defaultOpenTime,
    why: `only ${Math.round(rate * 100)}% of ${ended.length} jobs kept their runner until the end`,
  };
}

/** Trips if the newest jobs in a row are slower than their baseline, and hosted runners did not become as slow. */
function byDuration({ rules, own, hosted }: BreakerFacts): Trip | undefined {
  const rule = rules.duration;
  if (rule === undefined) return undefined;
  const done = own.filter(isSuccess).sort((one, other) => (one.completedAt ?? 0) - (other.completedAt ?? 0));
  const newest = done.slice(-rule.runs);
  if (newest.length < rule.runs) return undefined;
  const earlier = done.slice(0, -rule.runs);
  const isSlow = newest.every((job) => {
    const factor = slowness(job, earlier);
    return (
      factor !== undefined && factor > rule.above && factor > rule.above * (hostedSlowness(job, hosted) ?? 1)
    );
  });
  const since = newest.at(-1)?.completedAt ?? 0;
  const why = `${rule.runs} jobs in a row took over ${rule.above} times as long as before`;
  return isSlow ? { until: since + defaultOpenTime, open: defaultOpenTime, why } : undefined;
}

/** Returns a job's duration divided by its usual duration; `undefined` with fewer than three earlier jobs. */
function slowness(job: PastJob, earlier: readonly PastJob[]): number | undefined {
  const usual = earlier
    .filter((other) => other.name === job.name && isSuccess(other))
    .map(durationOf)
    .sort((a, b) => a - b);
  const median = usual[Math.floor(usual.length / 2)];
  return usual.length < 3 || median === undefined || median <= 0 ? undefined : durationOf(job) / median;
}

function hostedSlowness(job: PastJob, hosted: readonly PastJob[]): number | undefined {
  const same = hosted.filter((other) => other.name === job.name && isSuccess(other));
  const newest = same.sort((one, other) => (other.completedAt ?? 0) - (one.completedAt ?? 0))[0];
  return newest === undefined
    ? undefined
    : slowness(
        newest,
        same.filter((other) => other !== newest),
      );
}

function failureTimes(jobs: readonly PastJob[]): number[] {
  const failed = jobs.filter(isInfrastructureFailure);
  return failed.map((job) => job.completedAt ?? 0).sort((one, other) => one - other);
}

function isSuccess({ conclusion }: PastJob): boolean {
  return conclusion === 'success';
}

function durationOf({ startedAt = 0, completedAt = 0 }: PastJob): number {
  return completedAt - startedAt;
}

function minutes(milliseconds: number): string {
  return `${Math.round(milliseconds / 60_000)} min`;
}
