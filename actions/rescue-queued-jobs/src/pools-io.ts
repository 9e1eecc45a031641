import type { Deadline, Job } from '@runner-actions/core';
import {
  allPages,
  attemptJobs,
  connect,
  firstPage,
  type GitHub,
  GitHubFailure,
  type Run,
  type RunJob,
  type Runner,
  workflowRuns,
} from '@runner-actions/github';
import {
  isOfUser,
  observeQueuedJob,
  oldestVersionOf,
  listAllRunners,
  type Observation,
  unknownObservation,
} from '@runner-actions/history';
import type { RescueInputs } from './inputs.ts';
import type { Judgement, Rules } from './judge.ts';
import { rescueCalls } from './rescue-io.ts';

/** A run with its jobs, as far as they were read. */
export interface ReadRun {
  run: Run;
  /** The failure if the jobs could not be read; `undefined` if they were not needed to judge the run. */
  jobs: RunJob[] | GitHubFailure | undefined;
  judged: Judgement | RunJob[];
}

/** Number of recent finished runs whose jobs show whether a pool took any. */
const finishedRuns = 5;
/** Maximum number of calls with `token` to observe the pools, if the unfinished runs were already read. */
export const poolCalls = 2 + finishedRuns;
const runnerCalls = 120;

/**
 * Returns a function that observes the pool of a queued job: by jobs, and with `runner-token` also by its runners. Both
 * are read only once, on the first call. If one of them fails, all pools are unknown, and `failure` says why.
 */
export function openPoolObserver(
  github: GitHub,
  {
    inputs,
    rules,
    job,
    deadline,
    readRuns,
  }: {
    inputs: Readonly<RescueInputs>;
    rules: Rules;
    job: Job;
    deadline: Deadline;
    readRuns: readonly ReadRun[];
  },
): { observe: (queued: RunJob) => Promise<Observation>; failure: () => GitHubFailure | undefined } {
  const { runnerToken, calls } = inputs;
  let failure: GitHubFailure | undefined;
  const read = async (): Promise<(queued: RunJob) => Observation> => {
    const runners = runnerToken === undefined ? undefined : await listRunners(runnerToken, job, deadline);
    const mayRead = () => calls - github.callsUsed() > rescueCalls + poolCalls;
    const unfinished = await jobsOfUnfinished(github, job, { readRuns, mayRead });
    const jobs = [...unfinished, ...(await jobsOfFinished(github, job))];
    const isExclusive = inputs.exclusive || (runners === undefined && (await isOfUser(github, job)));
    const facts = {
      ...{ jobs, runners, isExclusive, pools: rules.declared },
      ...{ oldest: oldestVersionOf(job), now: github.now() },
    };
    return (queued) => observeQueuedJob(queued, facts);
  };
  const openOrUnknown = async (): Promise<(queued: RunJob) => Observation> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof GitHubFailure)) throw error;
      failure = error;
      const nothing = unknownObservation(runnerToken === undefined ? 'history' : 'runners-api', [error]);
      return () => nothing;
    }
  };
  let observer: ReturnType<typeof openOrUnknown> | undefined;
  return {
    observe: async (queued) => (await (observer ??= openOrUnknown()))(queued),
    failure: () => failure,
  };
}

function listRunners(token: string, job: Job, deadline: Deadline): Promise<Runner[]> {
  return listAllRunners(connect({ token, apiUrl: job.apiUrl, deadline, calls: runnerCalls }), job);
}

/**
 * Reads the jobs of all unfinished runs. Untrusted runs are never rescued, but their jobs may keep a pool
 * busy. If a run cannot be read, the pools are unknown. A queued run has no job in progress, so it is skipped
 * when calls are short.
 * @throws GitHubFailure
 */
async function jobsOfUnfinished(
  github: GitHub,
  { repository }: Job,
  { readRuns, mayRead }: { readRuns: readonly ReadRun[]; mayRead: () => boolean },
): Promise<RunJob[]> {
  const all: RunJob[] = [];
  for (const { run, jobs } of readRuns) {
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
