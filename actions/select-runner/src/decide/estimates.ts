import { type Confidence, isFor, type PastJob, queueTimes, type Wanted } from '@runner-actions/history';
import { type Pool, shapeOf } from '../ask/pool.ts';
import type { Placement } from './place.ts';

/** What jobs that went the same way before tell. `undefined` where fewer than three tell. */
export interface Estimates {
  /** Seconds until a runner took the job: half of them, and nine of ten. */
  wait: { median: number; p90: number; samples: number; confidence: Confidence } | undefined;
  /** In the configuration's currency, for a job of the median duration. */
  cost: { amount: number; samples: number; confidence: Confidence } | undefined;
}

export const noEstimates: Estimates = { wait: undefined, cost: undefined };
const fewest = 3;

/** Estimates for the first of the jobs. */
export function estimatesFor(
  first: Placement | undefined,
  pools: readonly Pool[],
  jobs: readonly PastJob[],
): Estimates {
  if (first === undefined) return noEstimates;
  const pool = pools.find(({ name }) => name === first.pool);
  return estimate(jobs, shapeOf(first.runsOn), pool?.costPerHour);
}

/**
 * Estimates for a job that asks for these labels, and this group.
 * @param jobs of this repository, as far as they were read
 */
export function estimate(
  jobs: readonly PastJob[],
  wanted: Wanted,
  costPerHour: number | undefined,
): Estimates {
  const same = jobs.filter((job) => isFor(job, wanted));
  const waits = queueTimes(same);
  const durations = same
    .flatMap(({ conclusion, startedAt, completedAt }) =>
      conclusion === 'success' && startedAt !== undefined && completedAt !== undefined
        ? [completedAt - startedAt]
        : [],
    )
    .sort((one, other) => one - other);
  const hours = at(durations, 0.5) / 3_600_000;
  return {
    wait:
      waits.length < fewest
        ? undefined
        : { median: seconds(at(waits, 0.5)), p90: seconds(at(waits, 0.9)), ...sureness(waits.length) },
    cost:
      costPerHour === undefined || durations.length < fewest
        ? undefined
        : { amount: Number((hours * costPerHour).toFixed(4)), ...sureness(durations.length) },
  };
}

function sureness(samples: number): { samples: number; confidence: Confidence } {
  return { samples, confidence: samples >= 30 ? 'high' : samples >= 10 ? 'medium' : 'low' };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}
