import { reasonOf, type Step } from '@runner-actions/core';
import { connect, type RunJob } from '@runner-actions/github';
import { compareJob, fewestSamples, jobHistory, runnerClass } from '@runner-actions/history';
import { readJobStatus, readToken, type Settings } from '../inputs.ts';
import type { Comparison } from './comparison.ts';

/** Milliseconds. A comparison is not worth a longer wait. */
const limit = 10_000;
/** Calls of this hour that are left to other jobs, whose tokens share GitHub's limit. */
const spare = 300;
/** API calls of one job, and of all jobs of a matrix together: GitHub allows 1,000 an hour to a repository. */
const [mostCalls, mostOfMatrix] = [12, 240];
/** One for the list of runs, one for each run that a comparison needs, and one to spare. */
const fewestCalls = fewestSamples + 2;

/**
 * Compares this job with its own history on the default branch. Does not throw for API failures.
 * @param milliseconds how long it ran
 */
export async function readComparison(
  step: Step,
  { baseline, matrixJobs }: Pick<Settings, 'baseline' | 'matrixJobs'>,
  own: RunJob | { unknown: string },
  milliseconds: number,
): Promise<Comparison | undefined> {
  if (!baseline) return undefined;
  // The summary says the reason once, where it misses the steps.
  if ('unknown' in own) return { unknown: 'GitHub does not tell about this job, as is said of its steps' };
  const { job, inputs, deadline } = step;
  const [status, token] = [readJobStatus(inputs), readToken(inputs)];
  // Whoever cancels a job wants the runner back soon, and its duration says nothing.
  if (status === 'cancelled') return { unknown: 'the job was cancelled' };
  const calls = Math.min(mostCalls, Math.floor(mostOfMatrix / Math.max(1, matrixJobs)));
  if (calls < fewestCalls) return { unknown: `the matrix has ${matrixJobs} jobs, too many to ask for each` };
  const workflow = workflowFile(job.environment['GITHUB_WORKFLOW_REF']);
  if (workflow === undefined) return { unknown: 'the workflow file is not known' };
  if (token === undefined) return { unknown: 'no token was given' };
  const github = connect({
    ...{ token, apiUrl: job.apiUrl, spare },
    ...{ deadline: deadline.limit(limit), calls: calls + 2 },
  });
  const branch = defaultBranchOf(job.payload());
  try {
    const history = await jobHistory(
      github,
      {
        ...{ repository: job.repository, workflow, name: own.name, runnerClass: runnerClass(own) },
        ...{ runId: Number(job.runId), attempt: job.runAttempt, defaultBranch: branch },
      },
      { calls },
    );
    if (history.failure !== undefined && history.jobs.length === 0)
      return { unknown: reasonOf(history.failure) };
    const compared = {
      ...{ runId: Number(job.runId), runnerClass: runnerClass(own) },
      duration: status === undefined || status === 'success' ? milliseconds : undefined,
      isOnDefaultBranch: branch !== undefined && job.ref === `refs/heads/${branch}`,
    };
    return compareJob(compared, history.jobs, github.now());
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}

function defaultBranchOf(payload: unknown): string | undefined {
  const { repository } = (payload ?? {}) as { repository?: { default_branch?: unknown } };
  const branch = repository?.default_branch;
  return typeof branch === 'string' && branch !== '' ? branch : undefined;
}

/** Returns the name of the file in `owner/repo/.github/workflows/ci.yml@refs/heads/main`. */
function workflowFile(reference = ''): string | undefined {
  const [path = ''] = reference.split('@', 1);
  return path.split('/').slice(2).at(-1) || undefined;
}
