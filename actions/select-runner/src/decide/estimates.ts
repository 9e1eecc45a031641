import {
  type Confidence,
  requestsSameLabels,
  type PastJob,
  queueTimes,
  type LabelsAndGroup,
} from '@runner-actions/history';
import { type Pool, runsOnFields } from '../request/pool.ts';
import type { Placement } from './placement.ts';

/** Estimates from earlier jobs on the same runners. `undefined` with fewer than three such jobs. */
export interface Estimates {
  /** Seconds until a runner took the job: the median and the 90th percentile. */
  wait: { median: number; p90: number; samples: number; confidence: Confidence } | undefined;
  /** Cost of a job of median duration, in the configuration's currency. */
  cost: { amount: number; samples: number; confidence: Confidence } | undefined;
}

export const noEstimates: Estimates = { wait: undefined, cost: undefined };
const minSamples = 3;

/** Returns the estimates for the first of the jobs. */
export function estimatesFor(
  first: Placement | undefined,
  pools: readonly Pool[],
  jobs: readonly PastJob[],
): Estimates {
  if (first === undefined) return noEstimates;
  const pool = pools.find(({ name }) => name === first.pool);
  return estimate(jobs, runsOnFields(first.runsOn), pool?.costPerHour);
}

/**
 * Returns estimates for a job with these labels and this group.
 * @param jobs jobs of this repository, as far as they were read
 * @param wanted the labels and the group of the job
 * @param costPerHour in the configuration's currency; `undefined` if the pool has no price
 */
export function estimate(
  jobs: readonly PastJob[],
  wanted: LabelsAndGroup,
  costPerHour: number | undefined,
): Estimates {
  const same = jobs.filter((job) => requestsSameLabels(job, wanted));
  const waits = queueTimes(same);
  const durations = same
    .flatMap(({ conclusion, startedAt, completedAt }) =>
      conclusion === 'success' && startedAt !== undefined && completedAt !== undefined
        ? [completedAt - startedAt]
        : [],
    )
    .sort((one, other) => one - other);
  const hours = percentile(durations, 0.5) / 3_600_000;
  return {
    wait:
      waits.length < minSamples
        ? undefined
        : {
            median: seconds(percentile(waits, 0.5)),
            p90: seconds(percentile(waits, 0.9)),
            ...withConfidence(waits.length),
          },
    cost:
      costPerHour === undefined || durations.length < minSamples
        ? undefined
        : { amount: Number((hours * costPerHour).toFixed(4)), ...withConfidence(durations.length) },
  };
}

function withConfidence(samples: number): { samples: number; confidence: Confidence } {
  return { samples, confidence: samples >= 30 ? 'high' : samples >= 10 ? 'medium' : 'low' };
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}
