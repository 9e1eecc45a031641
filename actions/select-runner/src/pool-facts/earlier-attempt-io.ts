import type { Job } from '@runner-actions/core';
import { attemptJobs, firstPage, type GitHub, GitHubFailure, type RunJob } from '@runner-actions/github';
import {
  isInfrastructureFailure,
  jobsOfPool,
  queuePatienceMs,
  wasCancelledInQueue,
} from '@runner-actions/history';
import type { Pool } from '../request/pool.ts';

/**
 * Returns a function that checks for a pool whether, in the previous attempt, a job lost its runner there, or was
 * cancelled while it waited for one (as `rescue-queued-jobs` does). Needs one API call for all pools.
 */
export function openEarlierAttemptCheck(
  job: Job,
): (pool: Pool, github: GitHub | undefined) => Promise<boolean> {
  let jobs: readonly RunJob[] | undefined;
  return async (pool, github) => {
    if (job.runAttempt <= 1 || github === undefined) return false;
    jobs ??= await jobsOfPreviousAttempt(job, github);
    return jobsOfPool(jobs, pool).some(
      (one) => isInfrastructureFailure(one) || wasCancelledInQueue(one, queuePatienceMs),
    );
  };
}

async function jobsOfPreviousAttempt(
  { repository, runId, runAttempt }: Job,
  github: GitHub,
): Promise<RunJob[]> {
  try {
    return await firstPage(attemptJobs(github, repository, { id: runId, attempt: runAttempt - 1 }));
  } catch (error) {
    if (error instanceof GitHubFailure) return [];
    throw error;
  }
}
