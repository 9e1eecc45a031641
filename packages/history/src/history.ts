import { hasLabels, type RunJob } from '@runner-actions/github';
import { waitOf } from './clean-jobs.ts';
import { isInfrastructureFailure } from './infrastructure-failure.ts';
import type { ObservedFacts, Unknown } from './observation.ts';
import { type LabelsAndGroup, type ObservedPool, startsOnDemand } from './pool.ts';

/** A job with the id of its run, and the path of its workflow file where the server says it. */
export type PastJob = RunJob & { runId: number; workflowPath?: string | undefined };

/** Milliseconds. A job that a runner took within this time proves that the pool is alive. */
const proofOfLife = 15 * 60_000;
/**
 * Milliseconds. A job that is queued for longer is evidence that no runner takes jobs. GitHub itself may need a
 * minute to offer a job.
 */
export const queuePatienceMs = 2 * 60_000;
/** Milliseconds. How long a runner on demand may take to start if no earlier job shows how long it takes. */
const unknownStartTime = 10 * 60_000;
/** Milliseconds. A cold start may take this long, even if all earlier jobs that were read found a warm runner. */
const coldStartTime = 5 * 60_000;
/** A job must have waited this many times longer than the earlier jobs of its pool, or its wait is usual. */
const unusualWait = 2;
/** The group name of GitHub-hosted runners. A hosted runner may have the same labels as a pool. */
export const hostedRunnerGroup = 'GitHub Actions';

/** The properties of a pool that its jobs are compared with. */
type PoolOfJobs = LabelsAndGroup & Pick<ObservedPool, 'kind' | 'maxRunners'>;

/**
 * Judges a pool by the jobs of this repository when its runners cannot be listed. A runner that took a job recently,
 * and did not disappear during it, is alive. If a job has been queued for longer than `patienceFor` the pool, no job was
 * taken since and none is in progress, the pool is dead or full. The states `waiting`, `pending` and `requested` mean
 * approvals and concurrency, not a lack of runners.
 * @returns `undefined` if the jobs prove nothing
 */
export function readHistory(
  jobs: readonly RunJob[],
  pool: PoolOfJobs,
  now: number,
): ObservedFacts | Unknown | undefined {
  const own = jobsOfPool(jobs, pool);
  const isRecent = ({ startedAt }: RunJob): boolean =>
    startedAt !== undefined && now - startedAt < proofOfLife;
  const alive = newestByRunner(own.filter(isRecent)).filter((job) => !isInfrastructureFailure(job));
  const lastTaken = Math.max(Number.NEGATIVE_INFINITY, ...alive.map((job) => job.startedAt ?? 0));
  const queued = own.filter((job) => job.status === 'queued' && job.runnerId === undefined);
  const patience = patienceFor(pool, own);
  const stuck = queued.filter((job) => now - job.createdAt > patience && job.createdAt > lastTaken);
  const seen = { kind: 'seen', source: 'history', confidence: 'medium', matching: 1, hidden: 0 } as const;
  if (stuck.length > 0 && !alive.some(({ status }) => status === 'in_progress')) {
    const detail = `${stuck.length} queued for over ${minutesOf(patience)} min, none taken since`;
    return { ...seen, online: 0, free: 0, detail };
  }
  if (alive.length === 0) return queued.length > 0 ? startingOf(pool, queued, patience, now) : undefined;
  const busy = new Set(own.filter((job) => job.status === 'in_progress').map((job) => job.runnerName));
  const idle = alive.filter(({ runnerName }) => !busy.has(runnerName)).length;
  const answer = {
    ...seen,
    matching: alive.length,
    online: alive.length,
    free: Math.max(0, idle - queued.length),
    detail: `last job taken ${minutesOf(now - lastTaken)} min ago, ${idle} of ${alive.length} recently active runners idle, ${queued.length} queued`,
  };
  const room = roomOf(pool, jobs);
  // While a job waits for unusually long, the pool starts fewer runners than its maximum says.
  return room === undefined || (room > 0 && stuck.length > 0) ? answer : limitTo(room, answer, pool);
}

/** Returns for how long, in milliseconds, a job may wait until that is evidence that no runner takes jobs. */
export function patienceFor(pool: Pick<ObservedPool, 'kind'>, own: readonly RunJob[]): number {
  return startsOnDemand(pool)
    ? Math.max(coldStartTime, longestUsualWait(own) ?? unknownStartTime)
    : queuePatienceMs;
}

/**
 * Returns how long jobs may wait as usual, in milliseconds, from the waits of earlier jobs of their pool.
 * @returns `undefined` without earlier jobs
 */
export function longestUsualWait(earlier: readonly RunJob[]): number | undefined {
  const longest = queueTimes(earlier).at(-1);
  return longest === undefined ? undefined : unusualWait * longest;
}

/** Returns that the runners of a pool may be starting for queued jobs; `undefined` if it does not start any. */
function startingOf(
  pool: PoolOfJobs,
  queued: readonly RunJob[],
  patience: number,
  now: number,
): Unknown | undefined {
  if (!startsOnDemand(pool)) return undefined;
  const waited = minutesOf(now - Math.min(...queued.map(({ createdAt }) => createdAt)));
  const detail = `${queued.length} queued for up to ${waited} min, and its runners may be starting; after ${minutesOf(patience)} min it counts as broken`;
  return { kind: 'unknown', source: 'history', reason: 'starting', failed: false, detail };
}

/**
 * Returns how many more jobs the maximum of a pool on demand allows, as far as its jobs are known; `undefined` without a
 * maximum.
 */
export function roomOf(pool: PoolOfJobs, jobs: readonly RunJob[]): number | undefined {
  if (pool.maxRunners === undefined || !startsOnDemand(pool)) return undefined;
  const used = jobsOfPool(jobs, pool).filter(({ status }) => ['queued', 'in_progress'].includes(status));
  return Math.max(0, pool.maxRunners - used.length);
}

function limitTo(room: number, answer: ObservedFacts, { maxRunners }: PoolOfJobs): ObservedFacts {
  const detail = `${answer.detail}, room for ${room} more of at most ${maxRunners} jobs`;
  return { ...answer, free: room, detail, ...(room === 0 ? { state: 'saturated' } : {}) };
}

function minutesOf(milliseconds: number): number {
  return Math.round(milliseconds / 60_000);
}

function newestByRunner(taken: readonly RunJob[]): RunJob[] {
  const newestFirst = [...taken].sort((one, other) => (other.startedAt ?? 0) - (one.startedAt ?? 0));
  const newest = new Map<string | undefined, RunJob>();
  for (const job of newestFirst) if (!newest.has(job.runnerName)) newest.set(job.runnerName, job);
  return [...newest.values()];
}

/**
 * Returns the jobs that request this pool. Leaves out those that a hosted runner, or a runner of another group, took.
 */
export function jobsOfPool<T extends RunJob>(jobs: readonly T[], pool: LabelsAndGroup): T[] {
  return jobs.filter((job) => requestsSameLabels(job, pool) && job.runnerGroup !== hostedRunnerGroup);
}

/** Returns how long jobs waited for their runner, in milliseconds, shortest first. */
export function queueTimes(jobs: readonly RunJob[]): number[] {
  const times = jobs.map(waitOf).filter((time) => time !== undefined);
  return times.sort((one, other) => one - other);
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
