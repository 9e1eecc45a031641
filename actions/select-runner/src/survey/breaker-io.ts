import type { Job } from '@runner-actions/core';
import type { GitHub } from '@runner-actions/github';
import { type History, hostedGroup, jobsOfPool } from '@runner-actions/history';
import type { Pool } from '../ask/pool.ts';
import type { Question } from '../ask/question.ts';
import { assessBreaker, type BreakerState } from '../decide/breaker.ts';

/** Reads as much history as the rules look back over, or as the budget allows; what was not read trips nothing. */
export async function readBreaker(
  pool: Pool,
  {
    rules,
    history,
    github,
    job,
  }: { rules: Question['breaker']; history: History; github: GitHub | undefined; job: Job },
): Promise<BreakerState | undefined> {
  if (rules === undefined || github === undefined) return undefined;
  const back = Math.max(
    rules.failures === undefined ? 0 : rules.failures.window + rules.failures.open,
    rules['success-rate']?.over ?? 0,
    rules.duration === undefined ? 0 : Number.POSITIVE_INFINITY,
  );
  const isEnough = (): boolean => {
    const read = history.readBackTo();
    return read !== undefined && github.now() - read > back;
  };
  while (!isEnough() && (await history.more(github)));
  const jobs = history.jobs();
  return assessBreaker({
    rules,
    own: jobsOfPool(jobs, pool),
    hosted: jobs.filter(({ runnerGroup }) => runnerGroup === hostedGroup),
    unfinished: history.runs().filter(({ status }) => status !== 'completed'),
    runId: Number(job.runId),
    now: github.now(),
  });
}
