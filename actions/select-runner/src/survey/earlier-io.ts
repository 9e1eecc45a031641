import type { Job } from '@runner-actions/core';
import { attemptJobs, type GitHub, GitHubFailure, type RunJob } from '@runner-actions/github';
import {
  firstPage,
  isInfrastructureFailure,
  jobsOfPool,
  patience,
  wasCancelledInQueue,
} from '@runner-actions/history';
import type { Pool } from '../ask/pool.ts';

/**
 * Whether a job of the attempt before this one lost its runner in a pool, or was cancelled there after it had waited in
 * vain, as `rescue-queued-jobs` does it. One call for all pools.
 */
export function openEarlierAttempt(job: Job): (pool: Pool, github: GitHub | undefined) => Promise<boolean> {
  let jobs: readonly RunJob[] | undefined;
  return async (pool, github) => {
    if (job.runAttempt <= 1 || github === undefined) return false;
    jobs ??= await jobsBefore(job, github);
    return jobsOfPool(jobs, pool).some(
      (one) => isInfrastructureFailure(one) || wasCancelledInQueue(one, patience),
    );
  };
}

async function jobsBefore({ repository, runId, runAttempt }: Job, github: GitHub): Promise<RunJob[]> {
  try {
    return await firstPage(attemptJobs(github, repository, { id: runId, attempt: runAttempt - 1 }));
  } catch (error) {
    if (error instanceof GitHubFailure) return [];
    throw error;
  }
}
