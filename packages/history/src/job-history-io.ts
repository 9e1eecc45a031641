import {
  attemptJobs,
  defaultBranch,
  type FailureKind,
  type GitHub,
  GitHubFailure,
  type Pages,
  type Repository,
  type Run,
  type RunJob,
  runPage,
  runsPerPage,
} from '@runner-actions/github';
import { baselineSamples } from './baseline.ts';
import type { PastJob } from './history.ts';
import { runnerClass } from './runner-class.ts';
import { rollbackRule } from './slow-runs.ts';
import { dailySuccessRule, outcome } from './success-share.ts';

/** Which job's history to read. */
export interface JobIdentity {
  repository: Repository;
  /** Name of the workflow file, such as `ci.yml`, or the id of the workflow. */
  workflow: string;
  /** The full name, as GitHub shows it: of a job of a matrix with its values, such as `build (1, 2)`. */
  name: string;
  /** See `runnerClass`. */
  runnerClass: string;
  /** The run and attempt of the job itself. */
  runId: number;
  attempt: number;
  /** `undefined`: asked of GitHub, with one more request. */
  defaultBranch: string | undefined;
}

/** What could be read of a job's history. Nothing is guessed: what is missing is counted, or has a failure. */
export interface JobHistory {
  /** Completed jobs of that name, on runners of any class, of earlier runs and of the attempt before this one. */
  jobs: PastJob[];
  /** Number of runs whose jobs were read. */
  readRuns: number;
  /** Number of runs that were left out because their jobs could not be read. */
  unreadableRuns: number;
  /** Whether the jobs of all runs that ended within the last day, and were not cancelled or skipped, were read. */
  isDayComplete: boolean;
  /** The first failure, or the one that ended the reading; `undefined` if all went well. */
  failure: GitHubFailure | undefined;
}

/** Each job of a large matrix reads its own history, and GitHub allows 1,000 calls an hour to a repository. */
const defaultCalls = 12;
/** Number of runs whose jobs are read at once. */
const parallelRuns = 4;
/** After these, the next request would fail in the same way. */
const finalKinds: readonly FailureKind[] = [
  'unauthorized',
  'forbidden',
  'rate-limited',
  'deadline',
  'call-budget',
];

/**
 * Reads the history of a job: the newest runs of its workflow on the default branch, and their jobs. Runs of forks are
 * left out: their branch may have the same name. Sends at most about `calls` requests: one for the list of runs, and one
 * for each hundred jobs of a run. Needs `Actions: read`. It never throws a `GitHubFailure`.
 */
export async function jobHistory(
  github: GitHub,
  identity: JobIdentity,
  { calls = defaultCalls }: { calls?: number } = {},
): Promise<JobHistory> {
  const limit = github.callsUsed() + calls;
  const callsLeft = (): number => limit - github.callsUsed();
  const history: JobHistory = {
    ...{ jobs: [], readRuns: 0, unreadableRuns: 0, isDayComplete: false, failure: undefined },
  };
  const read = (run: Pick<Run, 'id' | 'attempt'>) => readJobs(github, identity, run, { history, callsLeft });
  const { runId, attempt } = identity;
  if (attempt > 1) await read({ id: runId, attempt: attempt - 1 });
  const list = await listRuns(github, identity).catch((error: unknown) => note(history, error));
  if (list === undefined) return history;
  const isOfDay = (run: Run): boolean =>
    github.now() - (run.updatedAt ?? run.createdAt) <= dailySuccessRule.over;
  const wanted = inOrder(list.runs, isOfDay);
  let next = 0;
  while (next < wanted.length && callsLeft() > 0 && !isFinal(history.failure)) {
    const batch = wanted.slice(next, next + Math.min(parallelRuns, callsLeft()));
    if (hasEnough(history, identity) && !batch.some(isOfDay)) break;
    await Promise.all(batch.map(read));
    next += batch.length;
  }
  history.isDayComplete =
    history.unreadableRuns === 0 &&
    !wanted.slice(next).some(isOfDay) &&
    !(list.isCut && list.runs.every(isOfDay));
  return history;
}

async function listRuns(
  github: GitHub,
  { repository, workflow, runId, defaultBranch: known }: JobIdentity,
): Promise<{ runs: Run[]; isCut: boolean }> {
  const branch = known ?? (await defaultBranch(github, repository));
  const { runs, listed } = await runPage(github, repository, { branch, status: 'completed' }, { workflow });
  const own = `${repository.owner}/${repository.name}`.toLowerCase();
  return {
    runs: runs.filter(({ id, headRepository }) => id !== runId && headRepository?.toLowerCase() === own),
    isCut: listed >= runsPerPage,
  };
}

/**
 * Puts first, newest first, the successful runs, and the failed ones of the last day, which the share of good jobs needs.
 * A run that failed earlier may still have a successful job of the name.
 */
function inOrder(runs: readonly Run[], isOfDay: (run: Run) => boolean): Run[] {
  const counted = runs.filter((run) => outcome(run) !== 'left-out');
  const isFirst = (run: Run): boolean => outcome(run) === 'good' || isOfDay(run);
  return [...counted.filter(isFirst), ...counted.filter((run) => !isFirst(run))];
}

/** Whether there are as many successful jobs as a baseline and the rule for slow runs can use. */
function hasEnough({ jobs }: JobHistory, { runnerClass: own }: JobIdentity): boolean {
  const good = jobs.filter((job) => job.conclusion === 'success' && runnerClass(job) === own);
  return good.length >= baselineSamples + rollbackRule.runs;
}

async function readJobs(
  github: GitHub,
  { repository, name }: JobIdentity,
  run: Pick<Run, 'id' | 'attempt'>,
  { history, callsLeft }: { history: JobHistory; callsLeft: () => number },
): Promise<void> {
  try {
    const found = await findJobs(attemptJobs(github, repository, run), name, callsLeft);
    const completed = found.filter(({ status }) => status === 'completed');
    for (const job of completed) history.jobs.push({ ...job, runId: run.id });
    history.readRuns += 1;
  } catch (error) {
    note(history, error);
    history.unreadableRuns += 1;
  }
}

/** Reads pages until one has jobs of that name. @throws GitHubFailure if it may be on a page that was not read */
async function findJobs(pages: Pages<RunJob>, name: string, callsLeft: () => number): Promise<RunJob[]> {
  for (;;) {
    const { done, value } = await pages.next();
    if (done === true) {
      if (value !== undefined) throw value;
      return [];
    }
    const found = value.filter((job) => job.name === name);
    if (found.length > 0) return found;
    if (callsLeft() <= 0)
      throw new GitHubFailure('call-budget', `the run has more jobs than the budget allows`);
  }
}

/** @throws what is not a failure of GitHub */
function note(history: JobHistory, error: unknown): undefined {
  if (!(error instanceof GitHubFailure)) throw error;
  if (history.failure === undefined || isFinal(error)) history.failure = error;
}

function isFinal(failure: GitHubFailure | undefined): boolean {
  return failure !== undefined && finalKinds.includes(failure.kind);
}
