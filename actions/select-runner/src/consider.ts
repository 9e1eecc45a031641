import { setTimeout as delay } from 'node:timers/promises';
import { type Step, type Trust, trustOf } from '@runner-actions/core';
import { attemptJobs, connect, type GitHub, GitHubFailure } from '@runner-actions/github';
import type { Pool } from './ask/pool.ts';
import type { Question } from './ask/question.ts';
import { assessBreaker, type BreakerState } from './decide/breaker.ts';
import { place, type Placement } from './decide/place.ts';
import type { PoolFacts, Verdict } from './decide/verdict.ts';
import { hostedGroup, jobsOfPool, type PastJob } from './signals/history.ts';
import { firstPage, type History, openHistory } from './signals/history-io.ts';
import { isInfrastructureFailure } from './signals/infrastructure.ts';
import { type Observer, openObserver } from './signals/observe-io.ts';
import { rivalsAhead } from './signals/rivals-io.ts';

/** Tokens and budgets of the step. */
export interface Purse {
  token: string | undefined;
  runnerToken: string | undefined;
  historyCalls: number;
  /** Milliseconds, for one look at all pools. */
  deadline: number;
}

/** Everything that led to the placement. */
export interface Considered {
  question: Question;
  trust: Trust;
  placements: readonly Placement[];
  facts: ReadonlyMap<string, PoolFacts>;
  verdicts: ReadonlyMap<string, Verdict>;
  /** Jobs of this repository that were read on the way. */
  jobs: readonly PastJob[];
  waitedMilliseconds: number;
  calls: number;
}

/** Polls are this far apart, give or take a fifth, so that many waiting jobs do not ask at once. */
const pollEvery = 10_000;
/** An earlier attempt of each pool, and one list of runs, with room for a retry. */
const asideCalls = 10;

/** Looks at one pool after the other until all jobs have a place; waits for the pools that say so. */
export async function consider(step: Step, question: Question, purse: Purse): Promise<Considered> {
  const trust = trustOf(step.job, question.trust);
  const history = openHistory(step.job.repository, step.job.runId);
  const known = new Map<string, { etag: string; value: unknown }>();
  const started = performance.now();
  let calls = 0;
  for (;;) {
    const round = await look(step, { question, trust, purse, history, known });
    calls += round.calls;
    const waited = performance.now() - started;
    const left = mayWait(question, round.verdicts) - waited;
    if (left <= 0 || round.placements.every(({ isSelfHosted }) => isSelfHosted))
      return { ...round, question, trust, jobs: history.jobs(), waitedMilliseconds: waited, calls };
    step.log.info(`All busy; asking again for up to ${Math.ceil(left / 1000)} s more.`);
    const pause = Math.min(left, pollEvery * (0.8 + 0.4 * Math.random()));
    await delay(pause, undefined, { signal: step.deadline.signal });
  }
}

/** The longest wait of a pool that was left for being full. */
function mayWait({ pools }: Question, verdicts: ReadonlyMap<string, Verdict>): number {
  const full = pools.filter(({ name, whenBusy }) => {
    const reason = verdicts.get(name)?.reason;
    return whenBusy === 'wait' && (reason === 'busy' || reason === 'saturated' || reason === 'idle');
  });
  return Math.max(0, ...full.map(({ wait }) => wait));
}

interface Circumstances {
  question: Question;
  trust: Trust;
  purse: Purse;
  history: History;
  known: Map<string, { etag: string; value: unknown }>;
}

async function look(
  step: Step,
  { question, trust, purse, history, known }: Circumstances,
): Promise<Pick<Considered, 'placements' | 'facts' | 'verdicts' | 'calls'>> {
  const { job } = step;
  const deadline = step.deadline.limit(purse.deadline);
  const client = (calls: number) =>
    purse.token === undefined
      ? undefined
      : connect({ token: purse.token, apiUrl: job.apiUrl, deadline, calls });
  const observer = openObserver({ ...purse, job, deadline, history, known });
  const looking = {
    question,
    observer,
    history,
    past: client(purse.historyCalls),
    aside: client(asideCalls),
  };
  const facts = new Map<string, PoolFacts>();
  for (;;) {
    const plan = place(question, { trust, pools: facts });
    if (plan.kind === 'ask') {
      facts.set(plan.pool.name, await factsOf(step, plan.pool, looking));
      continue;
    }
    const calls = observer.calls() + (looking.past?.callsUsed() ?? 0) + (looking.aside?.callsUsed() ?? 0);
    return { placements: plan.placements, verdicts: plan.verdicts, facts, calls };
  }
}

interface Looking {
  question: Question;
  observer: Observer;
  history: History;
  /** For the breaker, on its own budget. */
  past: GitHub | undefined;
  /** For this run's earlier attempt, and the runs that choose at the same moment. */
  aside: GitHub | undefined;
}

async function factsOf(step: Step, pool: Pool, looking: Looking): Promise<PoolFacts> {
  const { question, observer, aside } = looking;
  const observation = await observer.observe(pool, pool.minFree + question.jobs.length - 1);
  const breaker = await breakerOf(step, pool, looking);
  if (aside === undefined) return { observation, breaker };
  const lostRunner = step.job.runAttempt > 1 && (await lostEarlier(step, pool, aside));
  const isContested =
    observation.kind === 'seen' &&
    observation.source === 'runners-api' &&
    observation.free > 0 &&
    pool.whenBusy !== 'queue';
  const rivals = isContested ? await rivalsAhead(aside, step.job) : 0;
  return { observation, breaker, lostRunner, ahead: rivals * question.jobs.length };
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
    const oldest = history.jobs().at(-1)?.createdAt;
    return oldest !== undefined && past.now() - oldest > back;
  };
  while (!isEnough() && (await history.more(past)));
  const jobs = history.jobs();
  return assessBreaker({
    rules,
    own: jobsOfPool(jobs, pool.labels),
    hosted: jobs.filter(({ runnerGroup }) => runnerGroup === hostedGroup),
    unfinished: history.runs().filter(({ status }) => status !== 'completed'),
    runId: Number(step.job.runId),
    now: past.now(),
  });
}

/** Whether a job of the attempt before this one lost its runner in this pool. One call. */
async function lostEarlier({ job }: Step, pool: Pool, github: GitHub): Promise<boolean> {
  try {
    const jobs = await firstPage(
      attemptJobs(github, job.repository, { id: job.runId, attempt: job.runAttempt - 1 }),
    );
    return jobsOfPool(jobs, pool.labels).some(isInfrastructureFailure);
  } catch (error) {
    if (error instanceof GitHubFailure) return false;
    throw error;
  }
}
