import {
  attemptJobs,
  type GitHub,
  GitHubFailure,
  type Repository,
  type Run,
  workflowRuns,
} from '@runner-actions/github';
import type { PastJob } from './history.ts';
import { firstPage } from './pages.ts';

/** Reads the runs and jobs of this repository on demand: the list of runs once, then the jobs of one run per call. */
export interface History {
  /** Returns the jobs read so far, without those of this run: first of active runs, then of the newest other runs. */
  jobs(): readonly PastJob[];
  /** Returns the newest runs, including this one. Empty before the first call of `more`. */
  runs(): readonly Run[];
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
  /** Returns why a read failed; `undefined` if nothing failed except the call budget. */
  failure(): GitHubFailure | undefined;
}

export function openHistory(repository: Repository, ownRun: string): History {
  const jobs: PastJob[] = [];
  let runs: Run[] | undefined;
  let unread: Run[] = [];
  let backTo: number | undefined;
  let failure: GitHubFailure | undefined;
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
  return {
    jobs: () => jobs,
    runs: () => runs ?? [],
    readBackTo: () => backTo,
    failure: () => failure,
    async more(github) {
      if (runs === undefined) {
        const read = await attempt(async () => {
          runs = await firstPage(workflowRuns(github, repository));
          unread = runs.filter(({ id }) => String(id) !== ownRun);
          unread.sort((one, other) => Number(isActive(other)) - Number(isActive(one)));
        });
        if (!read) return false;
      }
      const [run] = unread;
      if (run === undefined) return false;
      return attempt(async () => {
        const page = await firstPage(attemptJobs(github, repository, run));
        unread.shift();
        if (!isActive(run)) backTo = run.createdAt;
        for (const job of page) jobs.push({ ...job, runId: run.id });
      });
    },
  };
}

/** Whether a run is queued or in progress. A run that waits for an approval does not count: it may wait for weeks. */
function isActive({ status }: Run): boolean {
  return status === 'queued' || status === 'in_progress';
}
