import type { RunJob } from '@runner-actions/github';

/** GitHub cancels a job that no runner took for 24 hours; a little less, for clocks. */
const neverTaken = 23.5 * 3_600_000;

/**
 * Whether a job ended because of its runner, not of its work: it failed and no step failed (the runner was lost, or shut
 * down), or nobody ever took it. Told from the job alone; annotations, which say it in words, need a further permission.
 */
export function isInfrastructureFailure(job: RunJob): boolean {
  const { conclusion, steps, runnerId, createdAt, completedAt } = job;
  if (conclusion === 'failure' && runnerId !== undefined)
    return !steps.some((step) => step.conclusion === 'failure');
  return conclusion === 'cancelled' && runnerId === undefined && (completedAt ?? 0) - createdAt >= neverTaken;
}
