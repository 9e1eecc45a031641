import type { Deadline, Job } from '@runner-actions/core';
import {
  attemptJobs,
  connect,
  type GitHub,
  GitHubFailure,
  organizationRunners,
  repositoryRunners,
  type Run,
  type RunJob,
  type Runner,
  workflowRuns,
} from '@runner-actions/github';
import type { RescueInputs } from './inputs.ts';
import {
  judgeJobs,
  type Judgement,
  judgePools,
  judgeRun,
  poolByJobs,
  poolByRunners,
  type PoolState,
  type Rules,
} from './judge.ts';

/** A run that was looked at, and what became of it. */
export interface Considered extends Judgement {
  run: Run;
}

/** Recent finished runs whose jobs tell whether a pool took any. */
const finishedRuns = 5;
const runnerCalls = 120;

/** Looks at all unfinished runs but this one, the oldest first. @throws GitHubFailure when the runs cannot be listed */
export async function lookAtRuns(
  github: GitHub,
  {
    inputs,
    rules,
    job,
    deadline,
  }: { inputs: Readonly<RescueInputs>; rules: Rules; job: Job; deadline: Deadline },
): Promise<Considered[]> {
  const runs = await unfinishedRuns(github, job);
  // By GitHub's clock, which its first answer told.
  const current = { ...rules, now: github.now() };
  const found: { run: Run; judged: Judgement | RunJob[] }[] = [];
  const jobs: RunJob[] = [];
  for (const run of runs) {
    const known = judgeRun(run, current) ?? (await readJobs(github, job, run));
    if (Array.isArray(known)) jobs.push(...known);
    found.push({ run, judged: Array.isArray(known) ? judgeJobs(known, current) : known });
  }
  const waiting = found.some(({ judged }) => Array.isArray(judged));
  const ask = waiting ? await openPools(github, { inputs, job, deadline, jobs }) : undefined;
  return found.map(({ run, judged }) => {
    const judgement = Array.isArray(judged) ? judgePools(judged.map((one) => ask?.(one) ?? unasked)) : judged;
    return { run, ...judgement };
  });
}

const unasked: PoolState = { state: 'unknown', why: 'its pool was not looked at' };

/** A run with a job under way is `in_progress`, though others of its jobs wait. */
async function unfinishedRuns(github: GitHub, job: Job): Promise<Run[]> {
  const runs: Run[] = [];
  for (const status of ['queued', 'in_progress'])
    runs.push(...(await firstPage(workflowRuns(github, job.repository, { status }))));
  const others = [...new Map(runs.map((run) => [run.id, run])).values()].filter(
    ({ id }) => String(id) !== job.runId,
  );
  return others.sort((one, other) => one.createdAt - other.createdAt);
}

async function readJobs(github: GitHub, { repository }: Job, run: Run): Promise<RunJob[] | Judgement> {
  try {
    const jobs: RunJob[] = [];
    for await (const page of attemptJobs(github, repository, run)) jobs.push(...page);
    return jobs;
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return { reason: 'unknown', why: error.message };
  }
}

/** How to tell whether a pool is dead: by the runners where they may be listed, else by jobs. What fails is unknown. */
async function openPools(
  github: GitHub,
  {
    inputs,
    job,
    deadline,
    jobs,
  }: { inputs: Readonly<RescueInputs>; job: Job; deadline: Deadline; jobs: RunJob[] },
): Promise<(queued: RunJob) => PoolState> {
  try {
    if (inputs.runnerToken !== undefined) {
      const admin = connect({ token: inputs.runnerToken, apiUrl: job.apiUrl, deadline, calls: runnerCalls });
      const runners = await listRunners(admin, job);
      return (queued) => poolByRunners(queued, runners);
    }
    const known = [...jobs, ...(await jobsOfFinished(github, job))];
    return (queued) => poolByJobs(queued, known);
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return () => ({ state: 'unknown', why: error.message });
  }
}

async function listRunners(admin: GitHub, { repository }: Job): Promise<Runner[]> {
  const runners: Runner[] = [];
  for await (const page of repositoryRunners(admin, repository)) runners.push(...page);
  try {
    for await (const page of organizationRunners(admin, repository.owner)) runners.push(...page);
  } catch (error) {
    // A user's repository has no organization; any other failure might hide a live runner.
    if (!(error instanceof GitHubFailure) || error.kind !== 'not-found') throw error;
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

async function firstPage<T>(pages: AsyncGenerator<T[]>): Promise<T[]> {
  for await (const page of pages) return page;
  return [];
}
