import { hasLabels, type RunJob } from '@runner-actions/github';
import { queuePatienceMs } from './history.ts';
import type { ListedRunner, Observation, ObservedFacts } from './observation.ts';

/**
 * Compares the runners that GitHub lists as free with the jobs of unfinished runs. A listed state may lag by minutes,
 * and a runner may be online and take no jobs.
 * - A runner that a job in progress names is busy.
 * - A job that a free runner could take has been queued for longer than `queuePatienceMs`. If no such job was taken
 *   since, list and jobs contradict each other, and the state of the pool is unknown. Otherwise the confidence is medium.
 *   So it is if only restricted runners could take the job: the API does not show which workflow file a job belongs to.
 * @param jobs jobs of unfinished runs
 * @param areComplete whether these are the jobs of all unfinished runs; otherwise the confidence is at most medium
 */
export function compareWithJobs(
  listed: ObservedFacts,
  jobs: readonly RunJob[],
  { areComplete, now }: { areComplete: boolean; now: number },
): Observation {
  const idle = (listed.idle ?? []).filter(
    (runner) => !jobs.some((job) => job.status === 'in_progress' && isTakenBy(job, runner)),
  );
  const isFitting = ({ labels }: RunJob): boolean =>
    labels.length > 0 && idle.some((runner) => hasLabels(runner, labels));
  const fitting = jobs.filter(isFitting);
  const lastTaken = Math.max(...fitting.map(({ startedAt }) => startedAt ?? 0), 0);
  const waiting = fitting.filter(
    ({ status, runnerId, createdAt }) =>
      status === 'queued' && runnerId === undefined && now - createdAt > queuePatienceMs,
  );
  const open = idle.filter((runner) => !runner.isRestricted);
  const stuck = waiting.filter(
    ({ createdAt, labels }) => createdAt > lastTaken && open.some((runner) => hasLabels(runner, labels)),
  );
  if (stuck.length > 0) {
    const minutes = Math.round((now - Math.min(...stuck.map(({ createdAt }) => createdAt))) / 60_000);
    const detail = `GitHub lists ${idle.length} of ${listed.online} online runners as free, but a job that they could take has been queued for ${minutes} min, and none was taken since`;
    return { kind: 'unknown', source: 'runners-api', reason: 'unknown', failed: true, detail };
  }
  const confidence = areComplete && waiting.length === 0 ? listed.confidence : 'medium';
  return { ...listed, free: idle.length, idle, confidence };
}

/**
 * Returns the jobs that prove that a pool without online runners works. A runner that GitHub lists as offline must have
 * taken its job within the last `queuePatienceMs`. A runner that is not listed may be one of a scale set or of machines
 * on demand, which are gone after their job.
 */
export function jobsDespiteList<T extends RunJob>(
  { offline = [] }: ObservedFacts,
  jobs: readonly T[],
  now: number,
): T[] {
  return jobs.filter(
    (job) =>
      now - (job.startedAt ?? 0) < queuePatienceMs || !offline.some((runner) => isTakenBy(job, runner)),
  );
}

/** Returns whether a job is in progress on a runner that GitHub lists as offline. */
export function isAtWork({ offline = [] }: ObservedFacts, jobs: readonly RunJob[]): boolean {
  return jobs.some((job) => job.status === 'in_progress' && offline.some((runner) => isTakenBy(job, runner)));
}

/** Returns whether a runner has taken a job. */
export function isTakenBy(
  { runnerId, runnerName }: RunJob,
  { id, name }: Pick<ListedRunner, 'id' | 'name'>,
): boolean {
  return runnerId === id || runnerName === name;
}
