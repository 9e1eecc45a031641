import {
  allPages,
  attemptJobs,
  firstPage,
  type GitHub,
  GitHubFailure,
  type Repository,
  type Run,
  type RunJob,
  workflowRuns,
} from '@runner-actions/github';
import type { PastJob } from './history.ts';

/** Reads the runs and jobs of this repository on demand: the list of runs once, then the jobs of one run per call. */
export interface History {
  /** Returns the jobs read so far, without those of this run: first of active runs, then of the newest other runs. */
  jobs(): readonly PastJob[];
  /** Returns the newest runs, including this one; `undefined` if they were not read yet. */
  runs(): readonly Run[] | undefined;
  /**
   * Returns the time since which all runs were read, in milliseconds since the epoch; `undefined` while only active
   * runs were read.
   */
  readBackTo(): number | undefined;
  /**
   * Reads the jobs of one more run, within the call budget of `github`.
   * @returns `false` if there are no more runs, or on a failure
   */
  more(github: GitHub): Promise<boolean>;
  /**
   * Reads the jobs of the three newest unfinished runs in parallel, once.
   * @returns whether there are no more unfinished runs, and all of their jobs are known
   */
  readUnfinished(github: GitHub): Promise<boolean>;
  /** Returns why a read failed; `undefined` if nothing failed except the call budget. */
  failure(): GitHubFailure | undefined;
}

/** Number of unfinished runs whose jobs are read at once. */
const comparedRuns = 3;
const runsPerPage = 100;
/** Milliseconds. GitHub fails a job that has been queued for longer. Source: GitHub's page "Usage limits". */
const longestQueue = 24 * 3_600_000;

export function openHistory(repository: Repository, ownRun: string): History {
  const jobs: PastJob[] = [];
  let runs: Run[] | undefined;
  let unread: Run[] = [];
  let backTo: number | undefined;
  let failure: GitHubFailure | undefined;
  let unfinished: Promise<boolean> | undefined;
  const attempt = async (read: () => Promise<void>): Promise<boolean> => {
    try {
      await read();
      return true;
    } catch (error) {
      if (!(error instanceof GitHubFailure)) throw error;
      if (error.kind !== 'call-budget') failure = error;
      return false;
    }
  };
  const readRuns = (github: GitHub): Promise<boolean> =>
    attempt(async () => {
      if (runs !== undefined) return;
      runs = await firstPage(workflowRuns(github, repository));
      unread = runs.filter(({ id }) => String(id) !== ownRun);
      unread.sort((one, other) => Number(isActive(other)) - Number(isActive(one)));
    });
  const readJobs = (github: GitHub, run: Run, read = firstPage<RunJob>): Promise<boolean> =>
    attempt(async () => {
      const page = await read(attemptJobs(github, repository, run));
      unread = unread.filter(({ id }) => id !== run.id);
      if (!isActive(run)) backTo = run.createdAt;
      for (const job of page) jobs.push({ ...job, runId: run.id, workflowPath: run.workflowPath });
    });
  const readUnfinished = async (github: GitHub): Promise<boolean> => {
    if (!(await readRuns(github))) return false;
    const active = unread.filter(isActive);
    const read = await Promise.all(
      active.slice(0, comparedRuns).map((run) => readJobs(github, run, allPages)),
    );
    return active.length <= comparedRuns && read.every(Boolean) && areAllUnfinished(runs ?? [], github.now());
  };
  return {
    jobs: () => jobs,
    runs: () => runs,
    readBackTo: () => backTo,
    failure: () => failure,
    async more(github) {
      if (!(await readRuns(github))) return false;
      const [run] = unread;
      return run !== undefined && readJobs(github, run);
    },
    readUnfinished: (github) => (unfinished ??= readUnfinished(github)),
  };
}

/** Whether the newest runs contain all that may have a queued job: older ones may be hidden behind finished ones. */
function areAllUnfinished(newest: readonly Run[], now: number): boolean {
  return newest.length < runsPerPage || newest.some(({ createdAt }) => now - createdAt > longestQueue);
}

/** Whether a run is queued or in progress. A run that waits for an approval does not count: it may wait for weeks. */
function isActive({ status }: Run): boolean {
  return status === 'queued' || status === 'in_progress';
}
