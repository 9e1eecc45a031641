import { hasLabels, type RunJob } from '@runner-actions/github';
import type { Seen } from './observation.ts';

/** A job of a run that was read. */
export type PastJob = RunJob & { runId: number };

/** How long a job that was taken proves that its pool is alive. */
const proofOfLife = 15 * 60_000;
/** How long a job may wait before it says that nobody takes jobs; GitHub itself may need a minute to offer one. */
const patience = 2 * 60_000;
/** The group that GitHub names for its own runners. A hosted runner may carry a label of ours. */
export const hostedGroup = 'GitHub Actions';

/**
 * What jobs of this repository tell about a pool when its runners cannot be listed. A job that a runner took lately
 * proves life; one that has waited longer than `patience`, with nothing taken since, says that the pool is dead or full.
 * `waiting`, `pending` and `requested` are approvals and concurrency, not a lack of runners.
 */
export function readHistory(
  jobs: readonly RunJob[],
  labels: readonly string[],
  now: number,
): Seen | undefined {
  const own = jobsOfPool(jobs, labels);
  const taken = own.filter((job) => job.startedAt !== undefined && now - job.startedAt < proofOfLife);
  const lastTaken = Math.max(Number.NEGATIVE_INFINITY, ...taken.map((job) => job.startedAt ?? 0));
  const queued = own.filter((job) => job.status === 'queued' && job.runnerId === undefined);
  const stuck = queued.filter((job) => now - job.createdAt > patience && job.createdAt > lastTaken);
  const busy = new Set(own.filter((job) => job.status === 'in_progress').map((job) => job.runnerName));
  const seen = { kind: 'seen', source: 'history', confidence: 'medium', matching: 1, hidden: 0 } as const;
  if (stuck.length > 0 && taken.length === 0) {
    return { ...seen, online: 0, free: 0, detail: `${stuck.length} queued for over 2 min, none taken` };
  }
  if (taken.length === 0) return undefined;
  const online = new Set(taken.map((job) => job.runnerName)).size;
  const free = Math.max(0, online - busy.size - queued.length);
  const minutes = Math.round((now - lastTaken) / 60_000);
  return {
    ...seen,
    matching: online,
    online,
    free,
    detail: `last job taken ${minutes} min ago, ${queued.length} queued`,
  };
}

/** The jobs that ask for this pool, and that no hosted runner took. */
export function jobsOfPool<T extends RunJob>(jobs: readonly T[], labels: readonly string[]): T[] {
  return jobs.filter((job) => isFor(job, labels) && job.runnerGroup !== hostedGroup);
}

/** How long jobs of a pool waited for their runner, in milliseconds; shortest first. */
export function queueTimes(jobs: readonly RunJob[]): number[] {
  const times = jobs.flatMap(({ startedAt, createdAt }) =>
    startedAt === undefined ? [] : [startedAt - createdAt],
  );
  // A job that is run again keeps old times in some fields.
  return times.map((time) => Math.max(0, time)).sort((one, other) => one - other);
}

/** A job asks for this pool when a runner of the pool could take it, and it asks for something of the pool's own. */
function isFor(job: RunJob, labels: readonly string[]): boolean {
  return hasLabels({ labels }, job.labels) && hasLabels({ labels: job.labels }, labels);
}
