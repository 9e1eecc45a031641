import type { Job, Step } from '@runner-actions/core';
import { attemptJobs, type GitHub, GitHubFailure, type RunJob } from '@runner-actions/github';
import type { Pool } from './ask/pool.ts';
import type { Question } from './ask/question.ts';
import { assessBreaker, type BreakerState } from './decide/breaker.ts';
import type { PoolFacts } from './decide/verdict.ts';
import { hostedGroup, jobsOfPool, patience } from './signals/history.ts';
import { firstPage, type History } from './signals/history-io.ts';
import { isInfrastructureFailure, wasCancelledInQueue } from './signals/infrastructure.ts';
import type { Observer } from './signals/observe-io.ts';
import { rivalsAhead } from './signals/rivals-io.ts';

/** What is found out once, however often the pools are looked at. */
export interface Lasting {
  /** By the pool's name. */
  pools: Map<string, Pick<PoolFacts, 'breaker' | 'lostRunner'>>;
  /** The jobs of the attempt before this one. */
  earlier: readonly RunJob[] | undefined;
}

/** One look at the pools, one after the other. */
export interface Looking {
  question: Question;
  observer: Observer;
  history: History;
  lasting: Lasting;
  /** For the breaker, on its own budget. */
  past: GitHub | undefined;
  /** For this run's earlier attempt, and the runs that choose at the same moment. */
  aside: GitHub | undefined;
  /** How many jobs of these are still to be placed, once that was asked for. */
  ahead: number | undefined;
}

/** All that decides about a pool. */
export async function factsOf(step: Step, pool: Pool, looking: Looking): Promise<PoolFacts> {
  const { question, observer, aside } = looking;
  const { whenBusy } = pool;
  const observation = await observer.observe(pool, whenBusy.enough(question.jobs.length));
  const known = looking.lasting.pools.get(pool.name) ?? {
    breaker: await breakerOf(step, pool, looking),
    lostRunner: await lostEarlier(step, pool, looking),
  };
  looking.lasting.pools.set(pool.name, known);
  const isContested =
    observation.kind === 'seen' &&
    observation.source === 'runners-api' &&
    observation.free > 0 &&
    Number.isFinite(whenBusy.capacity(observation.free));
  if (!isContested || aside === undefined) return { observation, ...known };
  const ahead = (looking.ahead ??= (await rivalsAhead(aside, step.job)) * question.jobs.length);
  // What was enough for this run alone is not, when others come first: the list is read on.
  const seen =
    ahead > 0 ? await observer.observe(pool, whenBusy.enough(question.jobs.length + ahead)) : observation;
  // Those that find room here do not come first in the next pool.
  const free = seen.kind === 'seen' ? seen.free : 0;
  looking.ahead = Math.max(0, ahead - whenBusy.capacity(free));
  return { observation: seen, ...known, ahead };
}

/** Reads as much history as the rules look back over, or as the budget allows; what was not read trips nothing. */
async function breakerOf(
  step: Step,
  pool: Pool,
  { question, history, past }: Looking,
): Promise<BreakerState | undefined> {
  const rules = question.breaker;
  if (rules === undefined || past === undefined) return undefined;
  const back = Math.max(
    rules.failures === undefined ? 0 : rules.failures.window + rules.failures.open,
    rules['success-rate']?.over ?? 0,
    rules.duration === undefined ? 0 : Number.POSITIVE_INFINITY,
  );
  const isEnough = (): boolean => {
    const read = history.readBackTo();
    return read !== undefined && past.now() - read > back;
  };
  while (!isEnough() && (await history.more(past)));
  const jobs = history.jobs();
  return assessBreaker({
    rules,
    own: jobsOfPool(jobs, pool),
    hosted: jobs.filter(({ runnerGroup }) => runnerGroup === hostedGroup),
    unfinished: history.runs().filter(({ status }) => status !== 'completed'),
    runId: Number(step.job.runId),
    now: past.now(),
  });
}

/**
 * Whether a job of the attempt before this one lost its runner in this pool, or was cancelled there after it had waited in
 * vain, as `rescue-queued-jobs` does it. One call for all pools.
 */
async function lostEarlier({ job }: Step, pool: Pool, { aside, lasting }: Looking): Promise<boolean> {
  if (job.runAttempt <= 1 || aside === undefined) return false;
  lasting.earlier ??= await jobsBefore(job, aside);
  return jobsOfPool(lasting.earlier, pool).some(
    (one) => isInfrastructureFailure(one) || wasCancelledInQueue(one, patience),
  );
}

async function jobsBefore({ repository, runId, runAttempt }: Job, github: GitHub): Promise<RunJob[]> {
  try {
    return await firstPage(attemptJobs(github, repository, { id: runId, attempt: runAttempt - 1 }));
  } catch (error) {
    if (error instanceof GitHubFailure) return [];
    throw error;
  }
}
