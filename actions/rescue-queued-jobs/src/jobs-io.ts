import type { Job } from '@runner-actions/core';
import { attemptJobs, type GitHub, type Run, type RunJob } from '@runner-actions/github';

/** All jobs of the run's attempt. @throws GitHubFailure */
export async function allJobs(github: GitHub, { repository }: Job, run: Run): Promise<RunJob[]> {
  const jobs: RunJob[] = [];
  for await (const page of attemptJobs(github, repository, run)) jobs.push(...page);
  return jobs;
}

export async function firstPage<T>(pages: AsyncGenerator<T[]>): Promise<T[]> {
  for await (const page of pages) return page;
  return [];
}
