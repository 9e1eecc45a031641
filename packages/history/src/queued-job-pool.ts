import { hasLabels, type Runner, type RunJob } from '@runner-actions/github';
import { queueTimes } from './history.ts';
import {
  count,
  type Observation,
  type ObservedFacts,
  type OldestVersion,
  type RunnerFacts,
  type Unknown,
} from './observation.ts';

/** What is known about the runners and jobs that tell whether a queued job will start. */
export interface QueueFacts {
  /** The jobs of all unfinished runs, and of some finished ones. */
  jobs: readonly RunJob[];
  /** All runners that could take jobs of the repository; `undefined` without a token that may list them. */
  runners: readonly (RunnerFacts & Pick<Runner, 'id' | 'name' | 'ephemeral'>)[] | undefined;
  oldest: OldestVersion;
  /** Whether no other repository can have jobs in the pool. They would be missing among `jobs`. */
  isExclusive: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Judges the pool of a job that has been queued for long. It is dead only if no job was taken since, the wait is longer
 * than usual, and its registered runners are not online. What is not registered may still come: scale sets and machines
 * on demand register their runners only when a job waits.
 */
export function observeQueuedJob(queued: RunJob, facts: QueueFacts): Observation {
  return (
    lifeByJobs(queued, facts.jobs) ??
    lifeByRunners(queued, facts) ??
    whyDeathIsUnknown(queued, facts) ??
    deathOf(queued, facts)
  );
}

/**
 * If a job is running in the pool, or was taken after the queued job was created, the pool is alive but busy. A job with
 * more labels counts as well: the runner that took it has all the labels of the queued job.
 */
function lifeByJobs(queued: RunJob, jobs: readonly RunJob[]): ObservedFacts | undefined {
  const taken = jobs.filter((job) => job.runnerId !== undefined && hasLabels(job, queued.labels));
  if (taken.some(({ status }) => status === 'in_progress'))
    return seen('history', 1, 'a job is running there');
  if (taken.some(({ startedAt }) => (startedAt ?? 0) >= queued.createdAt))
    return seen('history', 1, 'it has taken a job since then');
  return undefined;
}

function lifeByRunners({ labels }: RunJob, { runners = [], oldest }: QueueFacts): ObservedFacts | undefined {
  const counts = count(runners, labels, oldest);
  if (counts.online === 0) return undefined;
  return { ...seen('runners-api', counts.online, `${counts.online} of its runners are online`), ...counts };
}

/** A job must have waited this many times longer than the earlier jobs of its pool. */
const unusualWait = 2;

function whyDeathIsUnknown(
  { labels, createdAt }: RunJob,
  { runners, jobs, isExclusive, now }: QueueFacts,
): Unknown | undefined {
  const names = labels.join(', ');
  const source = runners === undefined ? 'history' : 'runners-api';
  const unknown = (detail: string): Unknown => ({
    kind: 'unknown',
    source,
    reason: 'unknown',
    failed: false,
    detail,
  });
  if (runners?.filter((runner) => hasLabels(runner, labels)).every(({ ephemeral }) => ephemeral) === true)
    return unknown(
      `no runner with ${names} is registered, and a scale set or a machine on demand may still start one`,
    );
  // GitHub lists the runners of some scale sets without labels.
  if (runners?.some((runner) => runner.online && runner.labels.length === 0) === true)
    return unknown(`some online runners are listed without labels, and may have ${names}`);
  if (runners === undefined && !isExclusive)
    return unknown(
      `the runners with ${names} may be busy with jobs of other repositories, which 'token' cannot see; set 'runner-token', or 'exclusive: true' if they serve only this repository`,
    );
  const earlier = jobs.filter((job) => job.runnerId !== undefined && hasLabels(job, labels));
  const isRegistered = (job: RunJob): boolean =>
    runners?.some(({ id, name }) => id === job.runnerId || name === job.runnerName) === true;
  if (runners !== undefined && !earlier.every(isRegistered))
    return unknown(
      `an earlier job with ${names} ran on a runner that is not registered now, so others may be started on demand`,
    );
  const longest = queueTimes(earlier).at(-1);
  if (longest === undefined && runners === undefined)
    return unknown(`no earlier job with ${names} shows how long its runners take to start a job`);
  if (now - createdAt < unusualWait * (longest ?? 0))
    return unknown(
      `an earlier job with ${names} waited for ${Math.round((longest ?? 0) / 60_000)} min until a runner took it`,
    );
  return undefined;
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
