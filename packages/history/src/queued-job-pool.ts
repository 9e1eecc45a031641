import { hasLabels, type RunJob } from '@runner-actions/github';
import { count, type RunnerFacts, type Seen } from './observation.ts';

/**
 * What other jobs tell of the pool that a queued job waits for: one that runs there, or was taken since the job was queued,
 * says that it is alive, if busy. A job that asked for more labels counts too: whoever took it has all of these.
 */
export function byJobs(queued: RunJob, jobs: readonly RunJob[]): Seen {
  const seen = (online: number, detail: string): Seen => ({
    ...{ kind: 'seen', source: 'history', confidence: 'medium', matching: 1, free: 0, hidden: 0 },
    ...{ online, detail },
  });
  const taken = jobs.filter((job) => job.runnerId !== undefined && hasLabels(job, queued.labels));
  if (taken.some(({ status }) => status === 'in_progress')) return seen(1, 'a job runs there');
  if (taken.some(({ startedAt }) => (startedAt ?? 0) >= queued.createdAt))
    return seen(1, 'it took a job since');
  return seen(0, `nobody took a job for ${queued.labels.join(', ')} since`);
}

/** What the list of all runners tells of it. */
export function byRunners({ labels }: Pick<RunJob, 'labels'>, runners: readonly RunnerFacts[]): Seen {
  const counts = count(runners, labels);
  const detail =
    counts.online > 0
      ? `${counts.online} of its runners are online`
      : `no runner with ${labels.join(', ')} is online`;
  return { kind: 'seen', source: 'runners-api', confidence: 'high', ...counts, hidden: 0, detail };
}
