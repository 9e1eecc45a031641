import type { Deadline, Job } from '@runner-actions/core';
import {
  attemptJobs,
  connect,
  type GitHub,
  GitHubFailure,
  isUsersRepository,
  organizationRunners,
  repositoryRunners,
  type Run,
  type RunJob,
  type Runner,
  workflowRuns,
} from '@runner-actions/github';
import type { RescueInputs } from './inputs.ts';
import { type Judgement, poolByJobs, poolByRunners, type PoolState } from './judge.ts';
import { allJobs, firstPage } from './jobs-io.ts';
import { rescueCalls } from './rescue-io.ts';

/** `jobs`: a failure where they could not be read; `undefined` where they did not matter to the run itself. */
export interface Found {
  run: Run;
  jobs: RunJob[] | GitHubFailure | undefined;
  judged: Judgement | RunJob[];
}

/** Recent finished runs whose jobs tell whether a pool took any. */
const finishedRuns = 5;
/** What looking at pools may cost at most, where runs that are not finished were read already. */
export const poolCalls = ({ runnerToken }: Pick<RescueInputs, 'runnerToken'>): number =>
  runnerToken === undefined ? 1 + finishedRuns : 0;
const runnerCalls = 120;

/** How to tell whether a pool is dead: by the runners where they may be listed, else by jobs. What fails is unknown. */
export async function openPools(
  github: GitHub,
  {
    inputs,
    job,
    deadline,
    found,
  }: { inputs: Readonly<RescueInputs>; job: Job; deadline: Deadline; found: readonly Found[] },
): Promise<(queued: RunJob) => PoolState> {
  try {
    if (inputs.runnerToken !== undefined) {
      const admin = connect({ token: inputs.runnerToken, apiUrl: job.apiUrl, deadline, calls: runnerCalls });
      const runners = await listRunners(admin, job);
      return (queued) => poolByRunners(queued, runners);
    }
    const mayRead = () => inputs.calls - github.callsUsed() > rescueCalls + poolCalls(inputs);
    const unfinished = await jobsOfUnfinished(github, job, { found, mayRead });
    const known = [...unfinished, ...(await jobsOfFinished(github, job))];
    return (queued) => poolByJobs(queued, known);
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return () => ({ state: 'unknown', why: error.message });
  }
}

/**
 * A re-run or a stranger's run is never rescued, yet it may be what keeps a pool busy. One that cannot be read might be, so
 * that nothing is known then; one that is queued, and so has no job under way, is passed over where calls are short.
 * @throws GitHubFailure
 */
async function jobsOfUnfinished(
  github: GitHub,
  job: Job,
  { found, mayRead }: { found: readonly Found[]; mayRead: () => boolean },
): Promise<RunJob[]> {
  const all: RunJob[] = [];
  for (const { run, jobs } of found) {
    if (jobs === undefined && run.status === 'queued' && !mayRead()) continue;
    const read = jobs ?? (await allJobs(github, job, run));
    if (read instanceof GitHubFailure) throw read;
    all.push(...read);
  }
  return all;
}

async function listRunners(admin: GitHub, { repository }: Job): Promise<Runner[]> {
  const runners: Runner[] = [];
  for await (const page of repositoryRunners(admin, repository)) runners.push(...page);
  try {
    for await (const page of organizationRunners(admin, repository.owner)) runners.push(...page);
  } catch (error) {
    // A user's repository has no organization; any other failure might hide a live runner.
    const isAbsent = error instanceof GitHubFailure && error.kind === 'not-found';
    if (!isAbsent || !(await isUsersRepository(admin, repository))) throw error;
  }
  return runners;
}

async function jobsOfFinished(github: GitHub, job: Job): Promise<RunJob[]> {
  const runs = await firstPage(workflowRuns(github, job.repository, { status: 'completed' }));
  const jobs: RunJob[] = [];
  for (const run of runs.slice(0, finishedRuns))
    jobs.push(...(await firstPage(attemptJobs(github, job.repository, run))));
  return jobs;
}
