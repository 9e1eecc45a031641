import { reasonOf, type Step } from '@runner-actions/core';
import { attemptJobs, connect, GitHubFailure, type RunJob } from '@runner-actions/github';
import { readToken } from '../inputs.ts';
import type { Series } from '../sampling/sample.ts';
import { type JobSteps, ownJob, stepsOf } from './steps.ts';

/** Milliseconds. A summary is not worth a longer wait. */
const limit = 5_000;
/** API calls, retries included. Each page has 100 jobs. */
const calls = 4;

/**
 * Reads the current steps of this job from GitHub. Does not throw for API failures: the steps are then unknown.
 */
export async function readSteps({ job, inputs, deadline }: Step, series: Series): Promise<JobSteps> {
  const token = readToken(inputs);
  if (token === undefined) return { unknown: 'no token was given' };
  const github = connect({ token, apiUrl: job.apiUrl, deadline: deadline.limit(limit), calls });
  const found: RunJob[] = [];
  try {
    const attempt = { id: job.runId, attempt: job.runAttempt };
    for await (const jobs of attemptJobs(github, job.repository, attempt)) found.push(...jobs);
  } catch (error) {
    return { unknown: `${reasonOf(error)}${isRefusal(error) ? hint : ''}` };
  }
  const own = ownJob(found, job.runner.name);
  if (own !== undefined) return stepsOf(own, series);
  return { unknown: `GitHub does not list exactly one job of this run in progress on ${job.runner.name}` };
}

const hint = ". The input 'token' needs a token with 'actions: read'";

/** Whether GitHub refused the token. GitHub also answers 404 if the token lacks the permission. */
function isRefusal(error: unknown): boolean {
  return error instanceof GitHubFailure && ['unauthorized', 'forbidden', 'not-found'].includes(error.kind);
}
