import type { Job } from '@runner-actions/core';
import {
  type GitHub,
  GitHubFailure,
  type Run,
  runPage,
  runsPerPage,
  runsPerSearch,
} from '@runner-actions/github';

/**
 * A run with a job in progress has the status `in_progress`, even if its other jobs are queued. When that job ends, the
 * run is queued again, so the queued runs are listed last. The check right before a rescue finds a run that starts
 * between the two lists.
 */
const statuses = ['in_progress', 'queued'] as const;

/** Runs that could not be listed, so that they are not judged. */
export interface Unlisted {
  status: (typeof statuses)[number];
  /** How many, as far as GitHub says. */
  count: number;
  /** Text for users, without a full stop. */
  why: string;
}

export interface UnfinishedRuns {
  /** The oldest first. Without the run of this job. */
  runs: Run[];
  /** Empty if all runs are listed. */
  unlisted: Unlisted[];
}

/** The runs of one status. */
interface List {
  status: Unlisted['status'];
  found: Map<number, Run>;
  total: number;
  /** Number of runs that do not have the documented shape. */
  unreadable: number;
  /** The pages to read, in their order. `until` is the time of a run before which another search begins. */
  toRead: { page: number; until: number | undefined }[];
  failure: GitHubFailure | undefined;
}

/**
 * Lists the unfinished runs. GitHub lists the newest first, and at most 1,000 of a search. So after the first page,
 * which says how many there are, it reads from the oldest page to newer ones, by turns for each status.
 * @param mayRead whether a call for a further page is left
 * @throws GitHubFailure if a first page cannot be read
 */
export async function listUnfinished(
  github: GitHub,
  job: Pick<Job, 'repository' | 'runId'>,
  mayRead: () => boolean,
): Promise<UnfinishedRuns> {
  const lists = statuses.map((status): List => {
    const toRead = [{ page: 1, until: undefined }];
    return { status, found: new Map(), total: 0, unreadable: 0, toRead, failure: undefined };
  });
  for (const list of lists) await readNext(github, job, list);
  for (let open = lists; mayRead() && open.length > 0; open = open.filter(({ toRead }) => toRead.length > 0))
    for (const list of open)
      if (mayRead()) await readNext(github, job, list).catch((error) => stop(list, error));
  const all = new Map(lists.flatMap(({ found }) => [...found]));
  all.delete(Number(job.runId));
  return { runs: [...all.values()].sort(byAge), unlisted: lists.flatMap(unlistedOf) };
}

async function readNext(github: GitHub, { repository }: Pick<Job, 'repository'>, list: List): Promise<void> {
  const next = list.toRead.shift();
  if (next === undefined) return;
  const { page, until } = next;
  const filter = { status: list.status, until };
  const { runs, listed, total } = await runPage(github, repository, filter, { page });
  for (const run of runs) list.found.set(run.id, run);
  list.unreadable += listed - runs.length;
  if (page === 1) {
    if (until === undefined) list.total = total;
    // A page that is not full is the last one, whatever the total says.
    const pages = listed < runsPerPage ? 1 : Math.ceil(Math.min(total, runsPerSearch) / runsPerPage);
    for (let each = 2; each <= pages; each += 1) list.toRead.unshift({ page: each, until });
  } else if (page * runsPerPage === runsPerSearch && listed === runsPerPage) {
    const oldest = Math.min(...runs.map(({ createdAt }) => createdAt));
    if (until === undefined || oldest < until) list.toRead.unshift({ page: 1, until: oldest });
  }
}

/** Leaves out the rest of a list. @throws every error except a GitHubFailure */
function stop(list: List, error: unknown): void {
  if (!(error instanceof GitHubFailure)) throw error;
  list.failure = error;
  list.toRead = [];
}

/** A run that moves to another page between two requests may be missed. The total shows it. */
function unlistedOf({ status, found, total, unreadable, toRead, failure }: List): Unlisted[] {
  const count = Math.max(total - found.size, toRead.length > 0 || failure !== undefined ? 1 : 0);
  if (count <= 0) return [];
  const short = "the remaining API calls are reserved for a rescue; see 'calls'";
  const changed =
    unreadable > 0 ? `${unreadable} do not have the documented shape` : 'the list changed while it was read';
  const why = failure?.message ?? (toRead.length > 0 ? short : changed);
  return [{ status, count, why }];
}

/** Orders runs by age. GitHub's times are in seconds, so the ids decide for runs of the same second. */
export function byAge(one: Pick<Run, 'createdAt' | 'id'>, other: Pick<Run, 'createdAt' | 'id'>): number {
  return one.createdAt - other.createdAt || one.id - other.id;
}
