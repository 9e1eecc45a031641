import { hasLabels, type Runner, type RunJob } from '@runner-actions/github';
import { isTakenBy } from './contradiction.ts';
import { longestUsualWait, patienceFor, requestsSameLabels } from './history.ts';
import {
  count,
  type Observation,
  type ObservedFacts,
  type OldestVersion,
  type RunnerFacts,
  type Unknown,
} from './observation.ts';
import { type DeclaredPool, startsOnDemand } from './pool.ts';

/** What is known about the runners and jobs that tell whether a queued job will start. */
export interface QueueFacts {
  /** The jobs of all unfinished runs, and of some finished ones. */
  jobs: readonly RunJob[];
  /** All runners that could take jobs of the repository; `undefined` without a token that may list them. */
  runners: readonly (RunnerFacts & Pick<Runner, 'id' | 'name' | 'ephemeral'>)[] | undefined;
  oldest: OldestVersion;
  /** The pools that a configuration declares. */
  pools: readonly DeclaredPool[];
  /** Whether no other repository can have jobs in the pool. They would be missing among `jobs`. */
  isExclusive: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Judges the pool of a job that has been queued for long. It is dead only if no job was taken since, the wait is longer
 * than usual, and its registered runners are not online. What is not registered may still come: scale sets and machines
 * on demand register their runners only when a job waits. Only a configuration can rule that out, by declaring a pool of
 * kind `runners`. If it declares that runners start on demand, the pool is never dead.
 */
export function observeQueuedJob(queued: RunJob, facts: QueueFacts): Observation {
  return (
    lifeByJobs(queued, facts) ??
    lifeByRunners(queued, facts) ??
    whyDeathIsUnknown(queued, facts) ??
    deathOf(queued, facts)
  );
}

/** Milliseconds. A machine may restart or register again after a job. */
const recently = 10 * 60_000;

/**
 * If a job is running in the pool, or was taken after the queued job was created, the pool is alive but busy. A job with
 * more labels counts as well: the runner that took it has all the labels of the queued job. So
 * does any job on a runner that took a job of the pool before.
 */
function lifeByJobs(queued: RunJob, { jobs, now }: QueueFacts): ObservedFacts | undefined {
  const taken = earlierJobs(queued, jobs);
  const isOfPool = (job: RunJob): boolean =>
    taken.some(({ runnerId: id = 0, runnerName: name = '' }) => isTakenBy(job, { id, name }));
  const running = jobs.filter(({ status }) => status === 'in_progress');
  if (running.some((job) => hasLabels(job, queued.labels) || isOfPool(job)))
    return seen('history', 1, 'a job is running there');
  if (taken.some(({ completedAt }) => now - (completedAt ?? 0) < recently))
    return seen('history', 1, 'it has finished a job a few minutes ago');
  if (taken.some(({ startedAt }) => (startedAt ?? 0) >= queued.createdAt))
    return seen('history', 1, 'it has taken a job since then');
  return undefined;
}

function lifeByRunners({ labels }: RunJob, { runners = [], oldest }: QueueFacts): ObservedFacts | undefined {
  const counts = count(runners, labels, oldest);
  if (counts.online === 0) return undefined;
  return { ...seen('runners-api', counts.online, `${counts.online} of its runners are online`), ...counts };
}

function whyDeathIsUnknown(queued: RunJob, facts: QueueFacts): Unknown | undefined {
  const { runners, jobs, isExclusive, now } = facts;
  const { labels, createdAt } = queued;
  const names = labels.join(', ');
  const source = runners === undefined ? 'history' : 'runners-api';
  const unknown = (detail: string): Unknown => ({
    kind: 'unknown',
    source,
    reason: 'unknown',
    failed: false,
    detail,
  });
  const isAtWork = runners?.some((runner) => hasLabels(runner, labels) && !runner.online && runner.busy);
  if (isAtWork === true) return unknown(`a runner with ${names} is listed as offline and also as busy`);
  const unregistered = whyUnregisteredMayCome(queued, facts);
  if (unregistered !== undefined) return unknown(unregistered);
  if (runners === undefined && !isExclusive)
    return unknown(
      `the runners with ${names} may be busy with jobs of other repositories, which 'token' cannot see; set 'runner-token', or 'exclusive: true' if they serve only this repository`,
    );
  const usual = longestUsualWait(earlierJobs(queued, jobs));
  if (usual === undefined && runners === undefined)
    return unknown(`no earlier job with ${names} shows how long its runners take to start a job`);
  if (usual !== undefined && now - createdAt < usual)
    return unknown(
      `earlier jobs with ${names} waited so long for their runner that up to ${minutesOf(usual)} min count as usual`,
    );
  return undefined;
}

/** Returns why a runner that is not registered may still take the job; `undefined` if none can, or none could be listed. */
function whyUnregisteredMayCome(
  queued: RunJob,
  { runners, jobs, pools, now }: QueueFacts,
): string | undefined {
  const { labels, createdAt } = queued;
  const names = labels.join(', ');
  const onDemand = pools.find((pool) => startsOnDemand(pool) && hasLabels(pool, labels));
  if (onDemand !== undefined) {
    const waited = now - createdAt;
    const isUsual = waited <= patienceFor(onDemand, earlierJobs(queued, jobs));
    const advice = isUsual
      ? 'which is not unusual'
      : 'which is longer than usual: check what starts its runners, then re-run all jobs of the run';
    return `the pool ${onDemand.name} starts runners when jobs come, so that none is online proves nothing; the job has waited for ${minutesOf(waited)} min, ${advice}`;
  }
  if (areAlwaysRegistered(queued, pools)) return undefined;
  if (runners?.filter((runner) => hasLabels(runner, labels)).every(({ ephemeral }) => ephemeral) === true)
    return `no runner with ${names} is registered, and a scale set or a machine on demand may still start one; declare the pool with 'kind: runners' if none can`;
  // A runner that registers again under its old name has another id: a machine on demand may have done so.
  const isRegistered = (job: RunJob): boolean => runners?.some(({ id }) => id === job.runnerId) !== false;
  if (!earlierJobs(queued, jobs).every(isRegistered))
    return `an earlier job with ${names} ran on a runner that is not registered now, so others may be started on demand; declare the pool with 'kind: runners' if none can`;
  // GitHub lists the runners of some scale sets without labels.
  if (runners?.some((runner) => runner.online && runner.labels.length === 0) === true)
    return `some online runners are listed without labels, and may have ${names}; declare the pool with 'kind: runners' if they have not`;
  return undefined;
}

/**
 * Whether a configuration declares that the runners for a job stay registered. A pool without a written `kind` does not.
 * A queued job does not show its group, so a pool with a group says nothing about all runners with its labels.
 */
function areAlwaysRegistered(queued: RunJob, pools: readonly DeclaredPool[]): boolean {
  const own = pools.filter((pool) => requestsSameLabels(queued, pool));
  return (
    own.length > 0 &&
    own.every(({ kind, isDeclared, group }) => kind === 'runners' && isDeclared && group === undefined)
  );
}

function earlierJobs({ labels }: RunJob, jobs: readonly RunJob[]): RunJob[] {
  return jobs.filter((job) => job.runnerId !== undefined && hasLabels(job, labels));
}

function minutesOf(milliseconds: number): number {
  return Math.round(milliseconds / 60_000);
}

function deathOf({ labels }: RunJob, { runners, oldest }: QueueFacts): ObservedFacts {
  const names = labels.join(', ');
  if (runners === undefined) return seen('history', 0, `no runner has taken a job for ${names} since then`);
  const counts = count(runners, labels, oldest);
  const outdated =
    counts.outdated > 0 ? `; ${counts.outdated} are online, but too old for GitHub to give them jobs` : '';
  return { ...seen('runners-api', 0, `no runner with ${names} is online${outdated}`), ...counts };
}

function seen(source: 'history' | 'runners-api', online: number, detail: string): ObservedFacts {
  const confidence = source === 'history' ? 'medium' : 'high';
  return { kind: 'seen', source, confidence, matching: 1, online, free: 0, hidden: 0, detail };
}
