import {
  attemptJobs,
  type GitHub,
  GitHubFailure,
  type Repository,
  type Run,
  workflowRuns,
} from '@runner-actions/github';
import type { PastJob } from './history.ts';

/** What is read of this repository's runs and jobs: a list of runs once, then one call a run, as far as anyone wants. */
export interface History {
  /** Jobs read so far, of unfinished runs first, then of the newest finished ones; this run's excepted. */
  jobs(): readonly PastJob[];
  /** The newest runs, this one excepted; empty before the first `more`. */
  runs(): readonly Run[];
  /** Reads the jobs of one more run, on the budget of `github`. `false`: there is no more, or it cannot be read. */
  more(github: GitHub): Promise<boolean>;
  /** Why it cannot be read, where that was not the budget. */
  failure(): GitHubFailure | undefined;
}

export function openHistory(repository: Repository, ownRun: string): History {
  const jobs: PastJob[] = [];
  let runs: Run[] | undefined;
  let next = 0;
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
    failure: () => failure,
    async more(github) {
      if (runs === undefined) {
        const read = await attempt(async () => {
          runs = (await firstPage(workflowRuns(github, repository))).filter(
            ({ id }) => String(id) !== ownRun,
          );
          runs.sort((one, other) => Number(isFinished(one)) - Number(isFinished(other)));
        });
        if (!read) return false;
      }
      const run = runs?.[next];
      if (run === undefined) return false;
      return attempt(async () => {
        const page = await firstPage(attemptJobs(github, repository, run));
        next += 1;
        jobs.push(...page.map((job) => ({ ...job, runId: run.id })));
      });
    },
  };
}

function isFinished({ status }: Run): boolean {
  return status === 'completed';
}

export async function firstPage<T>(pages: AsyncGenerator<T[]>): Promise<T[]> {
  for await (const page of pages) return page;
  return [];
}
