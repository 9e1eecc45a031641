import type { Job } from '@runner-actions/core';
import { type GitHub, GitHubFailure, type Run, runPage } from '@runner-actions/github';
import type { History, Observation, Observe } from '@runner-actions/history';
import type { Pool } from '../request/pool.ts';
import type { PoolFacts } from '../decide/verdict.ts';

/** Runs older than this (in ms) have taken their runners already, and GitHub lists these runners as busy. */
const competingAge = 60_000;
const perPage = 100;

/**
 * Returns a function that adds `ahead` to an observation: how many jobs of other runs are placed in the pool before the
 * jobs of this run. Jobs that fit into one pool no longer count for the next pool.
 */
export function openCompetingRuns({
  github,
  job,
  wanted,
  observe,
  history,
}: {
  github: GitHub | undefined;
  job: Job;
  /** How many jobs each run has to place. */
  wanted: number;
  observe: Observe;
  /** Its runs are those that were read to check the free runners. */
  history: Pick<History, 'runs'>;
}): (pool: Pool, seen: Observation) => Promise<Pick<PoolFacts, 'observation' | 'ahead'>> {
  let left: number | undefined;
  return async (pool, observation) => {
    const { whenBusy } = pool;
    if (github === undefined || !isContested(pool, observation)) return { observation };
    const ahead = (left ??= (await countJobsAhead(github, job, history.runs())) * wanted);
    // The list was read until this run had enough free runners. If others go first, more of it must be read.
    const seen = ahead > 0 ? await observe(pool, whenBusy.freeNeeded(wanted + ahead)) : observation;
    left = Math.max(0, ahead - whenBusy.capacity(seen.kind === 'seen' ? seen.free : 0));
    return { observation: seen, ahead };
  };
}

/** Whether runs compete for runners: some are free, their number is known, and the pool does not queue. */
function isContested({ whenBusy }: Pool, seen: Observation): boolean {
  if (seen.kind === 'unknown' || seen.source !== 'runners-api') return false;
  return seen.free > 0 && Number.isFinite(whenBusy.capacity(seen.free));
}

/**
 * Counts the runs of the same workflow that select at the same moment and go first because of their lower id. Runs of
 * one event all see the same free runners. Best effort, since nothing is reserved; 0 if unknown. Needs no API call if
 * `newest`, the repository's newest runs, reach back far enough. Otherwise there is a rush, and it needs one or two.
 */
async function countJobsAhead(github: GitHub, job: Job, newest: readonly Run[] | undefined): Promise<number> {
  const path = /^[^/]+\/[^/]+\/(.+?)@/.exec(job.environment['GITHUB_WORKFLOW_REF'] ?? '')?.[1];
  if (path === undefined) return 0;
  const since = github.now() - competingAge;
  const isRush =
    newest === undefined || (newest.length >= perPage && newest.every(({ createdAt }) => createdAt >= since));
  if (!isRush) {
    const own = newest.filter((run) => run.workflowPath === path && run.createdAt >= since);
    return countRunsAhead({ newest: own, oldest: own, total: own.length }, Number(job.runId));
  }
  return countInRush(github, job, { workflow: path.replace(/^.*\//, ''), since });
}

async function countInRush(
  github: GitHub,
  job: Job,
  { workflow, since }: { workflow: string; since: number },
): Promise<number> {
  const read = (page: number) => runPage(github, job.repository, { since }, { workflow, page });
  try {
    const { runs: newest, total } = await read(1);
    const oldest = total > newest.length ? (await read(Math.ceil(total / perPage))).runs : newest;
    return countRunsAhead({ newest, oldest, total }, Number(job.runId));
  } catch (error) {
    if (error instanceof GitHubFailure) return 0;
    throw error;
  }
}

type Seen = Pick<Run, 'id' | 'status'>;

/**
 * The statuses of runs that take no runner now: `waiting` for an approval or another protection rule, `pending` until a
 * run of the same concurrency group ends. Both may last for days. A `requested` run is queued a moment later, so it
 * counts, and so does a status that GitHub may add. Source: GitHub's page "About status checks".
 */
const takesNoRunner: readonly string[] = ['completed', 'waiting', 'pending'];

/**
 * Counts the runs with a lower id that may take a runner. The result is exact if this run is among the oldest runs, or if `newest`
 * has all of them. Otherwise every run counts that is not known to come later.
 */
export function countRunsAhead(
  { newest, oldest, total }: { newest: readonly Seen[]; oldest: readonly Seen[]; total: number },
  runId: number,
): number {
  const isAhead = ({ id, status }: Seen): boolean => id < runId && !takesNoRunner.includes(status);
  if (oldest.some(({ id }) => id >= runId) || total <= newest.length) return oldest.filter(isAhead).length;
  return total - newest.filter((run) => !isAhead(run)).length;
}
