import type { Deadline, Job } from '@runner-actions/core';
import {
  allPages,
  attemptJobs,
  type GitHub,
  GitHubFailure,
  type Run,
  type RunJob,
} from '@runner-actions/github';
import type { RescueInputs } from './inputs.ts';
import { judgeEarlierAttempts } from './attempts-io.ts';
import { judgeJobs, type Judgement, judgePools, judgeRun, type Rules } from './judge.ts';
import { openNewerSuccess } from './newer-success-io.ts';
import { type ReadRun, openPoolObserver, poolCalls } from './pools-io.ts';
import { rescueCalls } from './rescue-io.ts';
import { byAge, listUnfinished, type Unlisted } from './unfinished-runs-io.ts';

/** A run with its judgement. */
export interface JudgedRun extends Judgement {
  run: Run;
}

/** The judged runs, the oldest first, and how many could not be listed. */
export interface JudgedRuns {
  runs: JudgedRun[];
  unlisted: Unlisted[];
  /** Why no pool could be judged; `undefined` if they were, or none had to be. */
  poolFailure: GitHubFailure | undefined;
  judgeAgain: JudgeAgain;
}

/**
 * Judges a stuck run again, right before it is cancelled: its pools, and whether a newer run has succeeded since.
 * @param github its calls are used
 * @param queued the jobs of the run that wait
 * @returns `undefined` if the run is still stuck
 * @throws GitHubFailure
 */
export type JudgeAgain = (
  github: GitHub,
  run: Run,
  queued: readonly RunJob[],
) => Promise<Judgement | undefined>;

/** API calls to find out whether a newer run succeeded, before a rescue. */
const newerSuccessCalls = 1;

/**
 * Judges unfinished runs except this one, the oldest first. Leaves enough API calls for a rescue: runs that were not read
 * for that reason are `unknown`.
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
): Promise<JudgedRuns> {
  const reserved = rescueCalls + newerSuccessCalls;
  // Half of the calls that are left is for the jobs of the listed runs.
  const listCalls = (inputs.calls - reserved - poolCalls) / 2;
  const { runs, unlisted } = await listUnfinished(github, job, () => github.callsUsed() < listCalls);
  const readRuns = await readJobsOfRuns(github, { runs, inputs, rules, job, reserved });
  const pools = openPoolObserver(github, { inputs, rules, job, deadline, readRuns });
  const mayRead = (): boolean => inputs.calls - github.callsUsed() > rescueCalls;
  const newerSuccess = openNewerSuccess(github, { job, rules, unfinished: runs, mayRead });
  const considered: JudgedRun[] = [];
  let stuck = 0;
  for (const { run, jobs, judged } of readRuns) {
    let judgement = Array.isArray(judged)
      ? judgePools(await Promise.all(judged.map(pools.observe)), rules)
      : judged;
    if (judgement.reason === 'stuck' && !isPoolProven(unlisted)) judgement = unlistedMayRun;
    // Runs beyond the limit are left anyway.
    if (judgement.reason === 'stuck' && stuck < inputs.maxRuns && Array.isArray(jobs))
      judgement =
        (await judgeEarlierAttempts(github, { run, jobs, job, mayRead })) ??
        (await newerSuccess(run)) ??
        judgement;
    if (judgement.reason === 'stuck') stuck += 1;
    considered.push({ run, ...judgement });
  }
  const judgeAgain: JudgeAgain = async (client, run, queued) => {
    const { pools: now, working } = await pools.observeAgain(client, queued);
    const judgement = judgePools(now, rules);
    if (judgement.reason !== 'stuck') return judgement;
    return openNewerSuccess(client, { job, rules, unfinished: working, mayRead: () => true })(run);
  };
  return { runs: considered, unlisted, poolFailure: pools.failure(), judgeAgain };
}

/** Reads the jobs of the runs that need it. @returns the oldest run first */
async function readJobsOfRuns(
  github: GitHub,
  {
    runs,
    inputs,
    rules,
    job,
    reserved,
  }: { runs: readonly Run[]; inputs: Readonly<RescueInputs>; rules: Rules; job: Job; reserved: number },
): Promise<ReadRun[]> {
  // GitHub's clock is known since its first answer.
  const now = github.now();
  const readRuns: ReadRun[] = [];
  let reservedCalls = reserved;
  for (const run of inReadingOrder(runs)) {
    const known = judgeRun(run, rules);
    const mayRead = known === undefined && inputs.calls - github.callsUsed() > reservedCalls;
    const jobs = mayRead ? await readJobs(github, job, run) : undefined;
    if (mayRead) reservedCalls = reserved + poolCalls;
    readRuns.push({ run, jobs, judged: known ?? judgeReadJobs(jobs, rules, now) });
  }
  return readRuns.sort(({ run: one }, { run: other }) => byAge(one, other));
}

/** Whether the jobs of the listed runs can prove that a pool is dead: a run that is not listed may keep it busy. */
function isPoolProven(unlisted: readonly Unlisted[]): boolean {
  return unlisted.every(({ status }) => status !== 'in_progress');
}

const unlistedMayRun: Judgement = {
  reason: 'unknown',
  why: "not all runs in progress could be listed, and one of them may keep its pool busy; set a higher 'calls'",
};

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

async function readJobs(github: GitHub, job: Job, run: Run): Promise<RunJob[] | GitHubFailure> {
  try {
    return await allPages(attemptJobs(github, job.repository, run));
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return error;
  }
}
