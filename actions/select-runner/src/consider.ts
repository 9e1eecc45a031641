import { setTimeout as delay } from 'node:timers/promises';
import { type Job, type Step, type Trust, trustOf } from '@runner-actions/core';
import { attemptJobs, connect, type GitHub, GitHubFailure, type RunJob } from '@runner-actions/github';
import type { Pool } from './ask/pool.ts';
import type { Question } from './ask/question.ts';
import { assessBreaker, type BreakerState } from './decide/breaker.ts';
import { place, type Placement } from './decide/place.ts';
import type { PoolFacts, Verdict } from './decide/verdict.ts';
import { hostedGroup, jobsOfPool, type PastJob, patience } from './signals/history.ts';
import { firstPage, type History, openHistory } from './signals/history-io.ts';
import { isInfrastructureFailure, wasCancelledInQueue } from './signals/infrastructure.ts';
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
/** The attempt before this one, and one list of runs, with room for retries. */
const asideCalls = 10;

/** Looks at one pool after the other until all jobs have a place; waits for the pools that say so. */
export async function consider(step: Step, question: Question, purse: Purse): Promise<Considered> {
  const trust = trustOf(step.job, question.trust);
  const memory: Memory = { answers: new Map(), jobs: new Map(), lasting: new Map(), earlier: undefined };
  const started = performance.now();
  let calls = 0;
  for (;;) {
    const round = await look(step, { question, trust, purse, memory });
    calls += round.calls;
    const waited = performance.now() - started;
    const left = mayWait(question, round) - waited;
    if (left <= 0)
      return {
        ...round,
        question,
        trust,
        jobs: [...memory.jobs.values()],
        waitedMilliseconds: waited,
        calls,
      };
    step.log.info(`All busy; asking again for up to ${Math.ceil(left / 1000)} s more.`);
    const pause = Math.min(left, pollEvery * (0.8 + 0.4 * Math.random()));
    await delay(pause, undefined, { signal: step.deadline.signal });
  }
}

/** The longest wait of a pool that is full and that a job which got no runner could go to. */
function mayWait(
  { pools }: Question,
  { placements, verdicts }: Pick<Considered, 'placements' | 'verdicts'>,
): number {
  const left = placements.filter(({ isSelfHosted }) => !isSelfHosted).map(({ job }) => job);
  const full = pools.filter(({ name, whenBusy }) => {
    const isFull = ['busy', 'saturated', 'idle'].includes(verdicts.get(name)?.reason ?? '');
    const isWanted = left.some(
      ({ pools: own, rollout }) => own.includes(name) && rollout.point < rollout.share,
    );
    return whenBusy === 'wait' && isFull && isWanted;
  });
  return Math.max(0, ...full.map(({ wait }) => wait));
}

/** What one look leaves to the next. Who is alive and free is found out anew each time. */
interface Memory {
  answers: Map<string, { etag: string; value: unknown }>;
  /** All jobs that were read, by their id. */
  jobs: Map<number, PastJob>;
  /** By the pool's name. */
  lasting: Map<string, Pick<PoolFacts, 'breaker' | 'lostRunner'>>;
  /** The jobs of the attempt before this one. */
  earlier: readonly RunJob[] | undefined;
}

interface Circumstances {
  question: Question;
  trust: Trust;
  purse: Purse;
  memory: Memory;
}

async function look(
  step: Step,
  { question, trust, purse, memory }: Circumstances,
): Promise<Pick<Considered, 'placements' | 'facts' | 'verdicts' | 'calls'>> {
  const { job } = step;
  const known = memory.answers;
  const deadline = step.deadline.limit(purse.deadline);
  const client = (calls: number) =>
    purse.token === undefined
      ? undefined
      : connect({ token: purse.token, apiUrl: job.apiUrl, deadline, calls, known });
  const history = openHistory(job.repository, job.runId);
  const observer = openObserver({ ...purse, job, deadline, history, known, pools: question.pools });
  const past = client(purse.historyCalls);
  const aside = client(asideCalls);
  const looking: Looking = { question, observer, history, memory, past, aside, ahead: undefined };
  const facts = new Map<string, PoolFacts>();
  for (;;) {
    const plan = place(question, { trust, pools: facts });
    if (plan.kind === 'ask') {
      facts.set(plan.pool.name, await factsOf(step, plan.pool, looking));
      continue;
    }
    for (const read of history.jobs()) memory.jobs.set(read.id, read);
    const calls = observer.calls() + (past?.callsUsed() ?? 0) + (aside?.callsUsed() ?? 0);
    return { placements: plan.placements, verdicts: plan.verdicts, facts, calls };
  }
}

interface Looking {
  question: Question;
  observer: Observer;
  history: History;
  memory: Memory;
  /** For the breaker, on its own budget. */
  past: GitHub | undefined;
  /** For this run's earlier attempt, and the runs that choose at the same moment. */
  aside: GitHub | undefined;
  /** How many jobs of these are still to be placed, once that was asked for. */
  ahead: number | undefined;
}

async function factsOf(step: Step, pool: Pool, looking: Looking): Promise<PoolFacts> {
  const { question, observer, aside, memory } = looking;
  const enough = pool.minFree + question.jobs.length - 1;
  const observation = await observer.observe(pool, enough);
  const lasting = memory.lasting.get(pool.name) ?? {
    breaker: await breakerOf(step, pool, looking),
    lostRunner: await lostEarlier(step, pool, looking),
  };
  memory.lasting.set(pool.name, lasting);
  const isContested =
    observation.kind === 'seen' &&
    observation.source === 'runners-api' &&
    observation.free > 0 &&
    pool.whenBusy !== 'queue';
  if (!isContested || aside === undefined) return { observation, ...lasting };
  const ahead = (looking.ahead ??= (await rivalsAhead(aside, step.job)) * question.jobs.length);
  // What was enough for this run alone is not, when others come first: the list is read on.
  const seen = ahead > 0 ? await observer.observe(pool, enough + ahead) : observation;
  // Those that find room here do not come first in the next pool.
  const free = seen.kind === 'seen' ? seen.free : 0;
  looking.ahead = Math.max(0, ahead - Math.max(0, free - pool.minFree + 1));
  return { observation: seen, ...lasting, ahead };
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
async function lostEarlier({ job }: Step, pool: Pool, { aside, memory }: Looking): Promise<boolean> {
  if (job.runAttempt <= 1 || aside === undefined) return false;
  memory.earlier ??= await jobsBefore(job, aside);
  return jobsOfPool(memory.earlier, pool).some(
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
