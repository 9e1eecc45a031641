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

/** What is read of this repository's runs and jobs: a list of runs once, then one call a run, as far as anyone wants. */
export interface History {
  /** Jobs read so far, of runs at work first, then of the newest others; this run's excepted. */
  jobs(): readonly PastJob[];
  /** The newest runs, this one included; empty before the first `more`. */
  runs(): readonly Run[];
  /** All runs since then were read, in milliseconds since the epoch; `undefined` while only those at work were. */
  readBackTo(): number | undefined;
  /** Reads the jobs of one more run, on the budget of `github`. `false`: there is no more, or it cannot be read. */
  more(github: GitHub): Promise<boolean>;
  /** Why it cannot be read, where that was not the budget. */
  failure(): GitHubFailure | undefined;
}

export function openHistory(repository: Repository, ownRun: string): History {
  const jobs: PastJob[] = [];
  let runs: Run[] | undefined;
  let unread: Run[] = [];
  let back: number | undefined;
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
    readBackTo: () => back,
    failure: () => failure,
    async more(github) {
      if (runs === undefined) {
        const read = await attempt(async () => {
          runs = await firstPage(workflowRuns(github, repository));
          unread = runs.filter(({ id }) => String(id) !== ownRun);
          unread.sort((one, other) => Number(isAtWork(other)) - Number(isAtWork(one)));
        });
        if (!read) return false;
      }
      const [run] = unread;
      if (run === undefined) return false;
      return attempt(async () => {
        const page = await firstPage(attemptJobs(github, repository, run));
        unread.shift();
        if (!isAtWork(run)) back = run.createdAt;
        jobs.push(...page.map((job) => ({ ...job, runId: run.id })));
      });
    },
  };
}

/** A run that waits for an approval tells no more than a finished one, and may do so for weeks. */
function isAtWork({ status }: Run): boolean {
  return status === 'queued' || status === 'in_progress';
}
