import type { Job } from '@runner-actions/core';
import { type GitHub, GitHubFailure, type Run, runsSince } from '@runner-actions/github';

/** A run that was created this long ago has taken its runners by now, and they are seen as busy. */
const recent = 60_000;
const perPage = 100;

/**
 * Runs of this same workflow that choose at the same moment and come first, by their id: with one event they all see the
 * same free runners. Best effort, since nothing is reserved; 0 when it cannot be told. One
 * call, and a second one in a rush.
 */
export async function rivalsAhead(github: GitHub, job: Job): Promise<number> {
  const workflow = /\/([^/]+)@/.exec(job.environment['GITHUB_WORKFLOW_REF'] ?? '')?.[1];
  if (workflow === undefined) return 0;
  const since = github.now() - recent;
  const read = (page: number) => runsSince(github, job.repository, workflow, { since, page });
  try {
    const { runs: newest, total } = await read(1);
    const oldest = total > newest.length ? (await read(Math.ceil(total / perPage))).runs : newest;
    return countRivals({ newest, oldest, total }, Number(job.runId));
  } catch (error) {
    if (error instanceof GitHubFailure) return 0;
    throw error;
  }
}

type Seen = Pick<Run, 'id' | 'status'>;

/** Among the oldest or the newest ones the place is exact; of those in between, all that are not seen to come after count. */
export function countRivals(
  { newest, oldest, total }: { newest: readonly Seen[]; oldest: readonly Seen[]; total: number },
  runId: number,
): number {
  const isAhead = ({ id, status }: Seen): boolean => id < runId && status !== 'completed';
  if (oldest.some(({ id }) => id >= runId) || total <= newest.length) return oldest.filter(isAhead).length;
  return total - newest.filter((run) => !isAhead(run)).length;
}
