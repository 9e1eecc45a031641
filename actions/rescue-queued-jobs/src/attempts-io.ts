import type { Job } from '@runner-actions/core';
import {
  allPages,
  attemptJobs,
  type GitHub,
  GitHubFailure,
  type Run,
  type RunJob,
} from '@runner-actions/github';
import { judgeAttempts } from './attempts.ts';
import type { Judgement } from './judge.ts';

/**
 * Judges a run by its earlier attempts; see `judgeAttempts`. Sends a request for each of them.
 * @param jobs the jobs of its latest attempt
 * @param mayRead whether a call is left
 * @returns `undefined` if it may be rescued
 */
export async function judgeEarlierAttempts(
  github: GitHub,
  { run, jobs, job, mayRead }: { run: Run; jobs: readonly RunJob[]; job: Job; mayRead: () => boolean },
): Promise<Judgement | undefined> {
  const attempts: RunJob[][] = [];
  for (let attempt = 1; attempt < run.attempt; attempt += 1) {
    if (!mayRead()) return unknown("the remaining API calls are reserved for a rescue; see 'calls'");
    try {
      attempts.push(await allPages(attemptJobs(github, job.repository, { id: run.id, attempt })));
    } catch (error) {
      if (error instanceof GitHubFailure) return unknown(error.message);
      throw error;
    }
  }
  return judgeAttempts([...attempts, jobs]);
}

function unknown(why: string): Judgement {
  return { reason: 'unknown', why: `it is not known how its earlier attempts ended: ${why}` };
}
