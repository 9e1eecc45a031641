import { reasonOf, type Step } from '@runner-actions/core';
import { attemptJobs, connect, GitHubFailure, type RunJob } from '@runner-actions/github';
import { readToken } from './inputs.ts';
import type { Series } from './sample.ts';
import { type JobSteps, ownJob, stepsOf } from './steps.ts';

/** A summary is not worth a longer wait. Milliseconds. */
const limit = 5_000;
/** Pages of 100 jobs, retries included. */
const calls = 4;

/** The steps of this job as GitHub knows them now. It never throws: the report goes without them. */
export async function readSteps({ job, inputs, deadline }: Step, series: Series): Promise<JobSteps> {
  const token = readToken(inputs);
  if (token === undefined) return { unknown: 'no token was given' };
  const github = connect({ token, apiUrl: job.apiUrl, deadline: deadline.limit(limit), calls });
  const found: RunJob[] = [];
  try {
    const attempt = { id: job.runId, attempt: job.runAttempt };
    for await (const jobs of attemptJobs(github, job.repository, attempt)) found.push(...jobs);
  } catch (error) {
    return { unknown: `${reasonOf(error)}${isRefusal(error) ? wanted : ''}` };
  }
  const own = ownJob(found, job.runner.name);
  if (own !== undefined) return stepsOf(own, series);
  return { unknown: `of the jobs of this run, GitHub names no single one that ${job.runner.name} is at` };
}

const wanted = ". It takes a token with 'actions: read', in the input 'token'";

/** A token that may not read it is told of nothing there, too. */
function isRefusal(error: unknown): boolean {
  return error instanceof GitHubFailure && ['unauthorized', 'forbidden', 'not-found'].includes(error.kind);
}
