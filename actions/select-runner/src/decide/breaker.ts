import {
  isInfrastructureFailure,
  isSlow,
  judgeSuccess,
  type Outcome,
  outcome,
  type PastJob,
  slownessOf,
  type SuccessfulRun,
  successfulRuns,
} from '@runner-actions/history';
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
  const { below, over, 'min-runs': atLeast } = rule;
  const { verdict, good, bad, share = 1 } = judgeSuccess(own, { below, over, atLeast }, now, keptItsRunner);
  if (verdict !== 'low') return undefined;
  const since = failureTimes(own.filter((job) => now - (job.completedAt ?? 0) <= over)).at(-1) ?? now;
  return {
    until: since + defaultOpenTime,
    open: defaultOpenTime,
    why: `only ${Math.round(share * 100)}% of ${good + bad} jobs kept their runner until the end`,
  };
}

/** A job with failed tests kept its runner. A job that was cancelled or skipped says nothing about it. */
function keptItsRunner(job: PastJob): Outcome {
  if (isInfrastructureFailure(job)) return 'bad';
  return outcome(job) === 'left-out' ? 'left-out' : 'good';
}

/**
 * How many earlier jobs a baseline needs here. A report needs more. The breaker reads few runs of a repository, and not
 * each has the job. That several jobs in a row are slow, and hosted ones are not, makes up for it.
 */
const fewestEarlier = 3;

/** Trips if the newest jobs in a row are slower than their baseline, and hosted runners did not become as slow. */
function byDuration({ rules, own, hosted }: BreakerFacts): Trip | undefined {
  if (rules.duration === undefined) return undefined;
  const rule = { ...rules.duration, atLeast: fewestEarlier };
  const done = successfulRuns(own);
  const newest = done.slice(-rule.runs);
  if (newest.length < rule.runs) return undefined;
  const factors = slownessOf(done, rule).slice(-rule.runs);
  const onHosted = successfulRuns(hosted);
  const hostedFactors = slownessOf(onHosted, rule);
  const isSlower = ({ job }: SuccessfulRun, factor = 0): boolean => {
    const elsewhere = hostedFactors[onHosted.findLastIndex((run) => run.job === job)] ?? 1;
    return isSlow(factor, rule) && factor > rule.above * elsewhere;
  };
  if (!newest.every((run, index) => isSlower(run, factors[index]))) return undefined;
  const since = newest.at(-1)?.endedAt ?? 0;
  const why = `${rule.runs} jobs in a row took over ${rule.above} times as long as before`;
  return { until: since + defaultOpenTime, open: defaultOpenTime, why };
}

function failureTimes(jobs: readonly PastJob[]): number[] {
  const failed = jobs.filter(isInfrastructureFailure);
  return failed.map((job) => job.completedAt ?? 0).sort((one, other) => one - other);
}

function isSuccess({ conclusion }: PastJob): boolean {
  return conclusion === 'success';
}

function minutes(milliseconds: number): string {
  return `${Math.round(milliseconds / 60_000)} min`;
}
