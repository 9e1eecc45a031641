import type { Job } from '@runner-actions/core';
import { type GitHub, GitHubFailure, type Run, runsSince } from '@runner-actions/github';
import type { Observation, Observe } from '@runner-actions/history';
import type { Pool } from '../ask/pool.ts';
import type { PoolFacts } from '../decide/verdict.ts';

/** A run that was created this long ago has taken its runners by now, and they are seen as busy. */
const recent = 60_000;
const perPage = 100;

/**
 * Says how many jobs of other runs come first in a pool, as `ahead`. Those that find room there do not come first in the
 * next one that is asked for.
 */
export function openRivals({
  github,
  job,
  wanted,
  observe,
}: {
  github: GitHub | undefined;
  job: Job;
  /** How many jobs each of these runs has to place. */
  wanted: number;
  observe: Observe;
}): (pool: Pool, seen: Observation) => Promise<Pick<PoolFacts, 'observation' | 'ahead'>> {
  let left: number | undefined;
  return async (pool, observation) => {
    const { whenBusy } = pool;
    if (github === undefined || !isContested(pool, observation)) return { observation };
    const ahead = (left ??= (await rivalsAhead(github, job)) * wanted);
    // What was enough for this run alone is not, when others come first: the list is read on.
    const seen = ahead > 0 ? await observe(pool, whenBusy.enough(wanted + ahead)) : observation;
    left = Math.max(0, ahead - whenBusy.capacity(seen.kind === 'seen' ? seen.free : 0));
    return { observation: seen, ahead };
  };
}

/** Whether runs take each other's place: there is one, and it is known how many. */
function isContested({ whenBusy }: Pool, seen: Observation): boolean {
  if (seen.kind === 'unknown' || seen.source !== 'runners-api') return false;
  return seen.free > 0 && Number.isFinite(whenBusy.capacity(seen.free));
}

/**
 * Runs of this same workflow that choose at the same moment and come first, by their id: with one event they all see the
 * same free runners. Best effort, since nothing is reserved; 0 when it cannot be told. One
 * call, and a second one in a rush.
 */
async function rivalsAhead(github: GitHub, job: Job): Promise<number> {
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
