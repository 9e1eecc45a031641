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
  runPage,
  workflowRuns,
} from '@runner-actions/github';
import {
  isOfUser,
  observeQueuedJob,
  oldestVersionOf,
  listAllRunners,
  type Observation,
  type QueueFacts,
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
export const poolCalls = 3 + finishedRuns;
/** API calls with `runner-token`: 100 pages of runners, read twice, and the groups. */
const runnerCalls = 320;
/** Milliseconds. GitHub creates the jobs of a run, and changes its times, shortly after it creates the run. */
const creationTime = 60_000;

/** Observes the pools of queued jobs: by jobs, and with `runner-token` also by their runners. */
export interface PoolObserver {
  /** Jobs and runners are read once, on the first call. If one of them fails, all pools are unknown. */
  observe(queued: RunJob): Promise<Observation>;
  /**
   * Reads again what may have changed since `observe` was called: the runs in progress that are new or have changed, and
   * the runners.
   * @param github its calls are used
   * @throws GitHubFailure
   */
  observeAgain(
    github: GitHub,
    queued: readonly RunJob[],
  ): Promise<{ pools: Observation[]; working: readonly Run[] }>;
  /** Why all pools are unknown; `undefined` if they are not. */
  failure(): GitHubFailure | undefined;
}

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
): PoolObserver {
  const { runnerToken, calls } = inputs;
  let failure: GitHubFailure | undefined;
  const listRunners = async (): Promise<Runner[] | undefined> => {
    if (runnerToken === undefined) return undefined;
    const client = connect({ token: runnerToken, apiUrl: job.apiUrl, deadline, calls: runnerCalls });
    return listAllRunners(client, job);
  };
  const read = async (): Promise<QueueFacts> => {
    const runners = await listRunners();
    const mayRead = () => calls - github.callsUsed() > rescueCalls + poolCalls;
    const areSeen = runners !== undefined;
    const unfinished = await jobsOfUnfinished(github, job, { readRuns, mayRead, areSeen });
    const jobs = [...unfinished, ...(await jobsOfFinished(github, job))];
    const isExclusive = inputs.exclusive || (!areSeen && (await isOfUser(github, job)));
    return {
      ...{ jobs, runners, isExclusive, pools: rules.declared },
      ...{ oldest: oldestVersionOf(job), now: github.now() },
    };
  };
  let facts: Promise<QueueFacts> | undefined;
  return {
    failure: () => failure,
    async observe(queued) {
      try {
        return observeQueuedJob(queued, await (facts ??= read()));
      } catch (error) {
        if (!(error instanceof GitHubFailure)) throw error;
        failure = error;
        return unknownObservation(runnerToken === undefined ? 'history' : 'runners-api', [error]);
      }
    },
    async observeAgain(client, queued) {
      const before = await (facts ??= read());
      const working = await listWorking(client, job);
      const changed = working.filter((run) => !readRuns.some((known) => isUnchanged(known.run, run)));
      const fresh = await jobsOfRuns(client, job, changed);
      const ids = new Set(fresh.map(({ id }) => id));
      const jobs = [...fresh, ...before.jobs.filter(({ id }) => !ids.has(id))];
      const now = { ...before, jobs, runners: await listRunners(), now: client.now() };
      return { pools: queued.map((one) => observeQueuedJob(one, now)), working };
    },
  };
}

function isUnchanged(known: Run, run: Run): boolean {
  return known.id === run.id && known.status === run.status && known.updatedAt === run.updatedAt;
}

/** Lists the runs in progress, without the run of this job. @throws GitHubFailure if they are not all listed */
async function listWorking(github: GitHub, { repository, runId }: Job): Promise<Run[]> {
  const { runs, total } = await runPage(github, repository, { status: 'in_progress' });
  if (total > runs.length)
    throw new GitHubFailure('incomplete', `only ${runs.length} of ${total} runs in progress could be read`);
  return runs.filter(({ id }) => id !== Number(runId));
}

/**
 * Reads the jobs of all unfinished runs. Untrusted runs are never rescued, but their jobs may keep a pool
 * busy. If a run cannot be read, the pools are unknown. When calls are short, it skips a queued run, which has no job in
 * progress. Its earlier jobs may have been the last that the pool took, so it skips one that has started only if the
 * list of runners shows the pool.
 * @param options `areSeen`: whether the list of runners is known
 * @throws GitHubFailure
 */
async function jobsOfUnfinished(
  github: GitHub,
  job: Job,
  { readRuns, mayRead, areSeen }: { readRuns: readonly ReadRun[]; mayRead: () => boolean; areSeen: boolean },
): Promise<RunJob[]> {
  const all: RunJob[] = [];
  const oldest = Math.min(...readRuns.map(({ run }) => run.createdAt));
  for (const { run, jobs } of readRuns) {
    if (jobs === undefined && run.status === 'queued' && !mayRead()) {
      if (areSeen || !hasStarted(run)) continue;
      throw new GitHubFailure(
        'call-budget',
        `too few API calls are left to read all queued runs, and run ${run.id} may have had a job in the pool`,
      );
    }
    const read = jobs ?? (await jobsOfRuns(github, job, [run]));
    if (read instanceof GitHubFailure) throw read;
    all.push(...read);
  }
  // A run that waits for an approval may have a job in progress.
  const { runs: waiting } = await runPage(github, job.repository, { status: 'waiting' });
  const recent = waiting.filter(({ updatedAt = Number.POSITIVE_INFINITY }) => updatedAt >= oldest);
  return [...all, ...(await jobsOfRuns(github, job, recent))];
}

/** Whether a queued run may have had a job in progress. Its times then changed after it was created. */
function hasStarted({ attempt, createdAt, updatedAt = Number.POSITIVE_INFINITY }: Run): boolean {
  return attempt > 1 || updatedAt - createdAt > creationTime;
}

async function jobsOfRuns(github: GitHub, { repository }: Job, runs: readonly Run[]): Promise<RunJob[]> {
  const jobs: RunJob[] = [];
  for (const run of runs) jobs.push(...(await allPages(attemptJobs(github, repository, run))));
  return jobs;
}

async function jobsOfFinished(github: GitHub, { repository }: Job): Promise<RunJob[]> {
  const runs = await firstPage(workflowRuns(github, repository, { status: 'completed' }));
  const jobs: RunJob[] = [];
  for (const run of runs.slice(0, finishedRuns))
    jobs.push(...(await firstPage(attemptJobs(github, repository, run))));
  return jobs;
}
