import { reasonOf, type Step } from '@runner-actions/core';
import {
  attemptJobs,
  connect,
  fetchJob,
  type GitHub,
  GitHubFailure,
  type RunJob,
} from '@runner-actions/github';
import { readJobId, readToken } from '../inputs.ts';
import { isOwn, type JobIdentity, ownJob } from './own-job.ts';

/** Milliseconds. With the time for servers of metrics, a cancelled job ends within 10 s. */
const limit = 4_000;
/** API calls, retries included. Each page of a list has 100 jobs. */
const calls = 5;

/**
 * Reads what GitHub says about this job: by its id, otherwise from the list of the attempt's jobs. Does not throw for
 * API failures: the job is then unknown.
 * @param mayList whether to read the list. It takes a call for each 100 jobs, too many if all jobs of a large matrix do
 */
export async function readOwnJob(
  { job, inputs, deadline }: Step,
  mayList: boolean,
): Promise<RunJob | { unknown: string }> {
  const token = readToken(inputs);
  if (token === undefined) return { unknown: 'no token was given' };
  const github = connect({ token, apiUrl: job.apiUrl, deadline: deadline.limit(limit), calls });
  const own: JobIdentity = {
    ...{ runId: job.runId, attempt: job.runAttempt, key: job.name },
    ...{ runner: job.runner.name, hosted: job.runner.environment === 'github-hosted' },
  };
  try {
    const byId = await readById(github, job.repository, own, readJobId(inputs));
    if ('id' in byId || !mayList) return byId;
    return await readFromList(github, job.repository, own);
  } catch (error) {
    return { unknown: `${reasonOf(error)}${isRefusal(error) ? hint : ''}` };
  }
}

type Repository = Step['job']['repository'];

async function readById(
  github: GitHub,
  repository: Repository,
  own: JobIdentity,
  id: number | undefined,
): Promise<RunJob | { unknown: string }> {
  if (id === undefined) return { unknown: "the input 'job-id' is empty" };
  try {
    const job = await fetchJob(github, repository, id);
    return isOwn(job, own) ? job : { unknown: `the job ${id} is not the one that runs here` };
  } catch (error) {
    // GitHub answers 404 for an id that it does not have. The list tells whether the token may not read.
    if (error instanceof GitHubFailure && error.kind === 'not-found')
      return { unknown: reasonOf(error) + hint };
    throw error;
  }
}

async function readFromList(
  github: GitHub,
  repository: Repository,
  own: JobIdentity,
): Promise<RunJob | { unknown: string }> {
  const found: RunJob[] = [];
  const attempt = { id: own.runId, attempt: own.attempt };
  for await (const jobs of attemptJobs(github, repository, attempt)) found.push(...jobs);
  return (
    ownJob(found, own) ?? {
      unknown: `GitHub does not list exactly one job of this run in progress on ${own.runner}`,
    }
  );
}

const hint = ". The input 'token' needs a token with 'actions: read'";

/** Whether GitHub refused the token. GitHub also answers 404 if the token lacks the permission. */
function isRefusal(error: unknown): boolean {
  return error instanceof GitHubFailure && ['unauthorized', 'forbidden', 'not-found'].includes(error.kind);
}
