import type { Deadline, Job } from '@runner-actions/core';
import {
  attemptJobs,
  connect,
  type GitHub,
  GitHubFailure,
  type Run,
  type RunJob,
  workflowRuns,
} from '@runner-actions/github';
import {
  allPages,
  byJobs,
  byRunners,
  everyRunner,
  firstPage,
  type Observation,
  type Seen,
  unknown,
} from '@runner-actions/history';
import type { RescueInputs } from './inputs.ts';
import type { Judgement } from './judge.ts';
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

/**
 * Says what is seen of the pool that a queued job waits for: by the runners where they may be listed, else by jobs. These are
 * read once, when a first job asks. What fails is unknown.
 */
export function openPools(
  github: GitHub,
  {
    inputs,
    job,
    deadline,
    found,
  }: { inputs: Readonly<RescueInputs>; job: Job; deadline: Deadline; found: readonly Found[] },
): (queued: RunJob) => Promise<Observation> {
  const { runnerToken, calls } = inputs;
  const read = async (): Promise<(queued: RunJob) => Seen> => {
    if (runnerToken !== undefined) {
      const admin = connect({ token: runnerToken, apiUrl: job.apiUrl, deadline, calls: runnerCalls });
      const runners = await everyRunner(admin, job.repository);
      return (queued) => byRunners(queued, runners);
    }
    const mayRead = () => calls - github.callsUsed() > rescueCalls + poolCalls(inputs);
    const unfinished = await jobsOfUnfinished(github, job, { found, mayRead });
    const known = [...unfinished, ...(await jobsOfFinished(github, job))];
    return (queued) => byJobs(queued, known);
  };
  const ask = async (): Promise<(queued: RunJob) => Observation> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof GitHubFailure)) throw error;
      const nothing = unknown(runnerToken === undefined ? 'history' : 'runners-api', [error]);
      return () => nothing;
    }
  };
  let answers: ReturnType<typeof ask> | undefined;
  return async (queued) => (await (answers ??= ask()))(queued);
}

/**
 * A re-run or a stranger's run is never rescued, yet it may be what keeps a pool busy. One that cannot be read might be, so
 * that nothing is known then; one that is queued, and so has no job under way, is passed over where calls are short.
 * @throws GitHubFailure
 */
async function jobsOfUnfinished(
  github: GitHub,
  { repository }: Job,
  { found, mayRead }: { found: readonly Found[]; mayRead: () => boolean },
): Promise<RunJob[]> {
  const all: RunJob[] = [];
  for (const { run, jobs } of found) {
    if (jobs === undefined && run.status === 'queued' && !mayRead()) continue;
    const read = jobs ?? (await allPages(attemptJobs(github, repository, run)));
    if (read instanceof GitHubFailure) throw read;
    all.push(...read);
  }
  return all;
}

async function jobsOfFinished(github: GitHub, { repository }: Job): Promise<RunJob[]> {
  const runs = await firstPage(workflowRuns(github, repository, { status: 'completed' }));
  const jobs: RunJob[] = [];
  for (const run of runs.slice(0, finishedRuns))
    jobs.push(...(await firstPage(attemptJobs(github, repository, run))));
  return jobs;
}
