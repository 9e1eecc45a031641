import type { RunJob } from '@runner-actions/github';
import type { PastJob } from './history.ts';

/** How many jobs of a history were odd. A report tells them in one line. */
export interface DataQuality {
  /** Jobs that a re-run copied: GitHub lists them again, under another id. They were removed. */
  copies: number;
  /** Jobs that started before they were created. Their wait counts as 0. */
  negativeWaits: number;
  /** Jobs without a time of creation. Their wait is unknown. */
  unknownWaits: number;
  /** Successful jobs without start or end, or that ended before they started. Their duration is unknown. */
  unknownDurations: number;
}

/** Removes the copies of re-runs, and counts what is odd about the other jobs. Keeps the order. */
export function cleanJobs<T extends PastJob>(jobs: readonly T[]): { jobs: T[]; quality: DataQuality } {
  const originals = new Map<string, T>();
  for (const job of jobs) {
    const known = originals.get(sameWork(job));
    if (known === undefined || job.id < known.id) originals.set(sameWork(job), job);
  }
  const kept = [...originals.values()];
  return {
    jobs: kept,
    quality: {
      copies: jobs.length - kept.length,
      negativeWaits: kept.filter((job) => !isWaitUnknown(job) && (job.startedAt ?? 0) < job.createdAt).length,
      unknownWaits: kept.filter((job) => job.isCreationUnknown === true).length,
      unknownDurations: kept.filter((job) => job.conclusion === 'success' && durationOf(job) === undefined)
        .length,
    },
  };
}

/**
 * Returns how long a job waited for its runner, in milliseconds; `undefined` if no runner took it, or it has no time of
 * creation. A copy that a re-run made started before it was created: its wait is 0.
 */
export function waitOf(job: RunJob): number | undefined {
  return isWaitUnknown(job) ? undefined : Math.max(0, (job.startedAt ?? 0) - job.createdAt);
}

/** Returns how long a job ran, in milliseconds; `undefined` if its times do not say so. */
export function durationOf({ startedAt, completedAt }: RunJob): number | undefined {
  if (startedAt === undefined || completedAt === undefined || completedAt < startedAt) return undefined;
  return completedAt - startedAt;
}

function isWaitUnknown({ startedAt, isCreationUnknown }: RunJob): boolean {
  return startedAt === undefined || isCreationUnknown === true;
}

/** A copy has another id and time of creation than its original. A job that did not run yet is no copy. */
function sameWork({ id, runId, name, startedAt, completedAt }: PastJob): string {
  return JSON.stringify([runId, name, startedAt ?? id, completedAt ?? id]);
}
