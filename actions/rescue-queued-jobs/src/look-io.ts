import type { Deadline, Job } from '@runner-actions/core';
import { type GitHub, GitHubFailure, type Run, type RunJob, workflowRuns } from '@runner-actions/github';
import type { RescueInputs } from './inputs.ts';
import { judgeJobs, type Judgement, judgePools, judgeRun, type PoolState, type Rules } from './judge.ts';
import { allJobs, firstPage } from './jobs-io.ts';
import { type Found, openPools } from './pools-io.ts';

/** A run that was looked at, and what became of it. */
export interface Considered extends Judgement {
  run: Run;
}

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
  const found: Found[] = [];
  for (const run of runs) {
    const known = judgeRun(run, current);
    const jobs = known === undefined ? await readJobs(github, job, run) : undefined;
    found.push({ run, jobs, judged: known ?? judgeRead(jobs, current) });
  }
  const waiting = found.some(({ judged }) => Array.isArray(judged));
  const ask = waiting ? await openPools(github, { inputs, job, deadline, found }) : undefined;
  return found.map(({ run, judged }) => {
    const judgement = Array.isArray(judged) ? judgePools(judged.map((one) => ask?.(one) ?? unasked)) : judged;
    return { run, ...judgement };
  });
}

function judgeRead(jobs: Found['jobs'], rules: Rules): Judgement | RunJob[] {
  if (Array.isArray(jobs)) return judgeJobs(jobs, rules);
  return { reason: 'unknown', why: jobs?.message ?? 'its jobs were not read' };
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

async function readJobs(github: GitHub, job: Job, run: Run): Promise<RunJob[] | GitHubFailure> {
  try {
    return await allJobs(github, job, run);
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return error;
  }
}
