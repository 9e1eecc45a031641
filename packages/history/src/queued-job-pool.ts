import { hasLabels, type RunJob } from '@runner-actions/github';
import { count, type RunnerFacts, type ObservedFacts } from './observation.ts';

/**
 * Judges the pool of a queued job by other jobs. If a job is running there, or was taken after the queued job was
 * created, the pool is alive but busy. A job with more labels counts as well: the runner that took it has all the
 * labels of the queued job.
 */
export function observeByJobs(queued: RunJob, jobs: readonly RunJob[]): ObservedFacts {
  const seen = (online: number, detail: string): ObservedFacts => ({
    ...{ kind: 'seen', source: 'history', confidence: 'medium', matching: 1, free: 0, hidden: 0 },
    ...{ online, detail },
  });
  const taken = jobs.filter((job) => job.runnerId !== undefined && hasLabels(job, queued.labels));
  if (taken.some(({ status }) => status === 'in_progress')) return seen(1, 'a job is running there');
  if (taken.some(({ startedAt }) => (startedAt ?? 0) >= queued.createdAt))
    return seen(1, 'it has taken a job since then');
  return seen(0, `no runner has taken a job for ${queued.labels.join(', ')} since then`);
}

/** Judges the pool of a queued job by the list of all runners. */
export function observeByRunners(
  { labels }: Pick<RunJob, 'labels'>,
  runners: readonly RunnerFacts[],
): ObservedFacts {
  const counts = count(runners, labels);
  const detail =
    counts.online > 0
      ? `${counts.online} of its runners are online`
      : `no runner with ${labels.join(', ')} is online`;
  return { kind: 'seen', source: 'runners-api', confidence: 'high', ...counts, hidden: 0, detail };
}
