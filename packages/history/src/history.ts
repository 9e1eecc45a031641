import { hasLabels, type RunJob } from '@runner-actions/github';
import { isInfrastructureFailure } from './infrastructure-failure.ts';
import type { ObservedFacts } from './observation.ts';
import type { LabelsAndGroup } from './pool.ts';

/** A job with the id of its run. */
export type PastJob = RunJob & { runId: number };

/** Milliseconds. A job that a runner took within this time proves that the pool is alive. */
const proofOfLife = 15 * 60_000;
/**
 * Milliseconds. A job that is queued for longer is evidence that no runner takes jobs. GitHub itself may need a
 * minute to offer a job.
 */
export const queuePatienceMs = 2 * 60_000;
/** The group name of GitHub-hosted runners. A hosted runner may have the same labels as a pool. */
export const hostedRunnerGroup = 'GitHub Actions';

/**
 * Judges a pool by the jobs of this repository when its runners cannot be listed. A runner that took a job recently,
 * and did not disappear during it, is alive. If a job has been queued for longer than `queuePatienceMs`, no job was taken
 * since and none is in progress, the pool is dead or full. The states `waiting`, `pending` and `requested` mean
 * approvals and concurrency, not a lack of runners.
 * @returns `undefined` if the jobs prove nothing
 */
export function readHistory(
  jobs: readonly RunJob[],
  pool: LabelsAndGroup,
  now: number,
): ObservedFacts | undefined {
  const own = jobsOfPool(jobs, pool);
  const isRecent = ({ startedAt }: RunJob): boolean =>
    startedAt !== undefined && now - startedAt < proofOfLife;
  const alive = newestByRunner(own.filter(isRecent)).filter((job) => !isInfrastructureFailure(job));
  const lastTaken = Math.max(Number.NEGATIVE_INFINITY, ...alive.map((job) => job.startedAt ?? 0));
  const queued = own.filter((job) => job.status === 'queued' && job.runnerId === undefined);
  const stuck = queued.filter((job) => now - job.createdAt > queuePatienceMs && job.createdAt > lastTaken);
  const seen = { kind: 'seen', source: 'history', confidence: 'medium', matching: 1, hidden: 0 } as const;
  if (stuck.length > 0 && !alive.some(({ status }) => status === 'in_progress'))
    return { ...seen, online: 0, free: 0, detail: `${stuck.length} queued for over 2 min, none taken since` };
  if (alive.length === 0) return undefined;
  const busy = new Set(own.filter((job) => job.status === 'in_progress').map((job) => job.runnerName));
  const idle = alive.filter(({ runnerName }) => !busy.has(runnerName)).length;
  const minutes = Math.round((now - lastTaken) / 60_000);
  return {
    ...seen,
    matching: alive.length,
    online: alive.length,
    free: Math.max(0, idle - queued.length),
    detail: `last job taken ${minutes} min ago, ${idle} of ${alive.length} recently active runners idle, ${queued.length} queued`,
  };
}

function newestByRunner(taken: readonly RunJob[]): RunJob[] {
  const newestFirst = [...taken].sort((one, other) => (other.startedAt ?? 0) - (one.startedAt ?? 0));
  return [...Map.groupBy(newestFirst, ({ runnerName }) => runnerName).values()].flatMap((own) =>
    own.slice(0, 1),
  );
}

/**
 * Returns the jobs that request this pool. Leaves out those that a hosted runner, or a runner of another group, took.
 */
export function jobsOfPool<T extends RunJob>(jobs: readonly T[], pool: LabelsAndGroup): T[] {
  return jobs.filter((job) => requestsSameLabels(job, pool) && job.runnerGroup !== hostedRunnerGroup);
}

/** Returns how long jobs waited for their runner, in milliseconds, shortest first. */
export function queueTimes(jobs: readonly RunJob[]): number[] {
  const times = jobs.flatMap(({ startedAt, createdAt }) =>
    startedAt === undefined ? [] : [startedAt - createdAt],
  );
  // After a re-run a job keeps old times in some fields.
  return times.map((time) => Math.max(0, time)).sort((one, other) => one - other);
}

/** Returns whether a job requests exactly these labels. Its group is known only after a runner has taken it. */
export function requestsSameLabels(
  { labels: own, runnerGroup }: RunJob,
  { labels, group }: LabelsAndGroup,
): boolean {
  const isInGroup =
    group === undefined || runnerGroup === undefined || runnerGroup.toLowerCase() === group.toLowerCase();
  return isInGroup && hasLabels({ labels }, own) && hasLabels({ labels: own }, labels);
}
