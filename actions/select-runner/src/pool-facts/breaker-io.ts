import type { Job } from '@runner-actions/core';
import type { GitHub } from '@runner-actions/github';
import { type History, hostedRunnerGroup, jobsOfPool } from '@runner-actions/history';
import type { Pool } from '../request/pool.ts';
import type { SelectionRequest } from '../request/selection-request.ts';
import { assessBreaker, type BreakerState } from '../decide/breaker.ts';

/** Reads as much history as the rules need, or as the API budget allows. Jobs that were not read do not trip a rule. */
export async function readBreaker(
  pool: Pool,
  {
    rules,
    history,
    github,
    job,
  }: { rules: SelectionRequest['breaker']; history: History; github: GitHub | undefined; job: Job },
): Promise<BreakerState | undefined> {
  if (rules === undefined || github === undefined) return undefined;
  const lookback = Math.max(
    rules.failures === undefined ? 0 : rules.failures.window + rules.failures.open,
    rules['success-rate']?.over ?? 0,
    rules.duration === undefined ? 0 : Number.POSITIVE_INFINITY,
  );
  const isEnough = (): boolean => {
    const read = history.readBackTo();
    return read !== undefined && github.now() - read > lookback;
  };
  while (!isEnough() && (await history.more(github)));
  const jobs = history.jobs();
  return assessBreaker({
    rules,
    own: jobsOfPool(jobs, pool),
    hosted: jobs.filter(({ runnerGroup }) => runnerGroup === hostedRunnerGroup),
    unfinished: (history.runs() ?? []).filter(({ status }) => status !== 'completed'),
    runId: Number(job.runId),
    now: github.now(),
  });
}
