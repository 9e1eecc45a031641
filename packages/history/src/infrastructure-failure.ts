import type { RunJob } from '@runner-actions/github';

/**
 * Milliseconds. GitHub cancels a job that no runner took for 24 hours. The value is a bit lower, because clocks
 * differ.
 */
const neverTaken = 23.5 * 3_600_000;

/**
 * Returns whether a job failed because of its runner and not because of its steps: the job failed but no step failed
 * (the runner was lost or shut down), or no runner ever took it. Uses only the job: annotations state the reason but
 * need a further permission.
 */
export function isInfrastructureFailure(job: RunJob): boolean {
  if (job.conclusion === 'failure' && job.runnerId !== undefined)
    return !job.steps.some((step) => step.conclusion === 'failure');
  return wasCancelledInQueue(job, neverTaken);
}

/** Returns whether a job was cancelled after it had waited for a runner for at least `wait` milliseconds. */
export function wasCancelledInQueue({ conclusion, runnerId, createdAt, completedAt }: RunJob, wait: number) {
  return conclusion === 'cancelled' && runnerId === undefined && (completedAt ?? 0) - createdAt >= wait;
}
