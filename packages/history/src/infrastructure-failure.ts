import type { RunJob } from '@runner-actions/github';

/** GitHub cancels a job that no runner took for 24 hours; a little less, for clocks. */
const neverTaken = 23.5 * 3_600_000;

/**
 * Whether a job ended because of its runner, not of its work: it failed and no step failed (the runner was lost, or shut
 * down), or nobody ever took it. Told from the job alone; annotations, which say it in words, need a further permission.
 */
export function isInfrastructureFailure(job: RunJob): boolean {
  if (job.conclusion === 'failure' && job.runnerId !== undefined)
    return !job.steps.some((step) => step.conclusion === 'failure');
  return wasCancelledInQueue(job, neverTaken);
}

/** Whether a job was cancelled after it had waited for a runner for at least so many milliseconds. */
export function wasCancelledInQueue({ conclusion, runnerId, createdAt, completedAt }: RunJob, wait: number) {
  return conclusion === 'cancelled' && runnerId === undefined && (completedAt ?? 0) - createdAt >= wait;
}
