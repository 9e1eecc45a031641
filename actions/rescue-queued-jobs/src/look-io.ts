import type { Deadline, Job } from '@runner-actions/core';
import {
  attemptJobs,
  type GitHub,
  GitHubFailure,
  type Run,
  type RunJob,
  workflowRuns,
} from '@runner-actions/github';
import { allPages, firstPage } from '@runner-actions/history';
import type { RescueInputs } from './inputs.ts';
import { judgeJobs, type Judgement, judgePools, judgeRun, type Rules } from './judge.ts';
import { type Found, openPools, poolCalls } from './pools-io.ts';
import { rescueCalls } from './rescue-io.ts';

/** A run that was looked at, and what became of it. */
export interface JudgedRun extends Judgement {
  run: Run;
}

/**
 * Looks at all unfinished runs but this one, the oldest first, as far as the calls go that a rescue does not need.
 * @throws GitHubFailure when the runs cannot be listed
 */
export async function lookAtRuns(
  github: GitHub,
  {
    inputs,
    rules,
    job,
    deadline,
  }: { inputs: Readonly<RescueInputs>; rules: Rules; job: Job; deadline: Deadline },
): Promise<JudgedRun[]> {
  const runs = await unfinishedRuns(github, job);
  // By GitHub's clock, which its first answer told.
  const now = github.now();
  const found: Found[] = [];
  let kept = rescueCalls;
  for (const run of inReadingOrder(runs, inputs)) {
    const known = judgeRun(run, rules);
    const mayRead = known === undefined && inputs.calls - github.callsUsed() > kept;
    const jobs = mayRead ? await readJobs(github, job, run) : undefined;
    if (mayRead) kept = rescueCalls + poolCalls(inputs);
    found.push({ run, jobs, judged: known ?? judgeRead(jobs, rules, now) });
  }
  found.sort(({ run: one }, { run: other }) => byAge(one, other));
  const ask = openPools(github, { inputs, job, deadline, found });
  const considered: JudgedRun[] = [];
  for (const { run, judged } of found) {
    const judgement = Array.isArray(judged) ? judgePools(await Promise.all(judged.map(ask))) : judged;
    considered.push({ run, ...judgement });
  }
  return considered;
}

function judgeRead(jobs: Found['jobs'], rules: Rules, now: number): Judgement | RunJob[] {
  if (Array.isArray(jobs)) return judgeJobs(jobs, rules, now);
  return { reason: 'unknown', why: jobs?.message ?? "the calls that are left are for a rescue; see 'calls'" };
}

/** Where jobs tell which pools are alive, one under way tells most. */
function inReadingOrder(runs: readonly Run[], { runnerToken }: Readonly<RescueInputs>): Run[] {
  const isFirst = ({ status }: Run): boolean => runnerToken === undefined && status === 'in_progress';
  return [...runs].sort((one, other) => Number(isFirst(other)) - Number(isFirst(one)));
}

/** A run with a job under way is `in_progress`, though others of its jobs wait. */
async function unfinishedRuns(github: GitHub, job: Job): Promise<Run[]> {
  const runs: Run[] = [];
  for (const status of ['queued', 'in_progress'])
    runs.push(...(await firstPage(workflowRuns(github, job.repository, { status }))));
  const others = [...new Map(runs.map((run) => [run.id, run])).values()].filter(
    ({ id }) => String(id) !== job.runId,
  );
  return others.sort(byAge);
}

/** GitHub's times are in seconds: of runs of the same second the ids tell which is older. */
function byAge(one: Run, other: Run): number {
  return one.createdAt - other.createdAt || one.id - other.id;
}

async function readJobs(github: GitHub, job: Job, run: Run): Promise<RunJob[] | GitHubFailure> {
  try {
    return await allPages(attemptJobs(github, job.repository, run));
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return error;
  }
}
