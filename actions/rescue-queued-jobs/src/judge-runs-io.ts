import type { Deadline, Job } from '@runner-actions/core';
import {
  allPages,
  attemptJobs,
  firstPage,
  type GitHub,
  GitHubFailure,
  type Run,
  type RunJob,
  workflowRuns,
} from '@runner-actions/github';
import type { RescueInputs } from './inputs.ts';
import { judgeJobs, type Judgement, judgePools, judgeRun, type Rules } from './judge.ts';
import { type ReadRun, openPoolObserver, poolCalls } from './pools-io.ts';
import { rescueCalls } from './rescue-io.ts';

/** A run with its judgement. */
export interface JudgedRun extends Judgement {
  run: Run;
}

/**
 * Judges all unfinished runs except this one, the oldest first. Leaves enough API calls for a rescue: runs that were
 * not read for that reason are `unknown`.
 * @throws GitHubFailure if the runs cannot be listed
 */
export async function judgeRuns(
  github: GitHub,
  {
    inputs,
    rules,
    job,
    deadline,
  }: { inputs: Readonly<RescueInputs>; rules: Rules; job: Job; deadline: Deadline },
): Promise<JudgedRun[]> {
  const runs = await unfinishedRuns(github, job);
  // GitHub's clock is known since its first answer.
  const now = github.now();
  const readRuns: ReadRun[] = [];
  let reservedCalls = rescueCalls;
  for (const run of inReadingOrder(runs)) {
    const known = judgeRun(run, rules);
    const mayRead = known === undefined && inputs.calls - github.callsUsed() > reservedCalls;
    const jobs = mayRead ? await readJobs(github, job, run) : undefined;
    if (mayRead) reservedCalls = rescueCalls + poolCalls;
    readRuns.push({ run, jobs, judged: known ?? judgeReadJobs(jobs, rules, now) });
  }
  readRuns.sort(({ run: one }, { run: other }) => byAge(one, other));
  const observePool = openPoolObserver(github, { inputs, job, deadline, readRuns });
  const considered: JudgedRun[] = [];
  for (const { run, judged } of readRuns) {
    const judgement = Array.isArray(judged) ? judgePools(await Promise.all(judged.map(observePool))) : judged;
    considered.push({ run, ...judgement });
  }
  return considered;
}

function judgeReadJobs(jobs: ReadRun['jobs'], rules: Rules, now: number): Judgement | RunJob[] {
  if (Array.isArray(jobs)) return judgeJobs(jobs, rules, now);
  return {
    reason: 'unknown',
    why: jobs?.message ?? "the remaining API calls are reserved for a rescue; see 'calls'",
  };
}

/** Returns the order in which to read runs. Runs in progress come first: they show live pools best. */
function inReadingOrder(runs: readonly Run[]): Run[] {
  const isFirst = ({ status }: Run): boolean => status === 'in_progress';
  return [...runs].sort((one, other) => Number(isFirst(other)) - Number(isFirst(one)));
}

/**
 * Lists unfinished runs. A run with a job in progress has the status `in_progress`, even if its other jobs are queued.
 */
async function unfinishedRuns(github: GitHub, job: Job): Promise<Run[]> {
  const runs: Run[] = [];
  for (const status of ['queued', 'in_progress'])
    runs.push(...(await firstPage(workflowRuns(github, job.repository, { status }))));
  const others = [...new Map(runs.map((run) => [run.id, run])).values()].filter(
    ({ id }) => String(id) !== job.runId,
  );
  return others.sort(byAge);
}

/** Orders runs by age. GitHub's times are in seconds, so the ids decide for runs of the same second. */
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
