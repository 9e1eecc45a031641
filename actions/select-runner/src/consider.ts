import { setTimeout as delay } from 'node:timers/promises';
import { type Step, type Trust, trustOf, uptime } from '@runner-actions/core';
import { connect, type Known, nothingKnown } from '@runner-actions/github';
import type { Question } from './ask/question.ts';
import { place, type Placement } from './decide/place.ts';
import type { PoolFacts, Verdict } from './decide/verdict.ts';
import { factsOf, type Lasting, type Looking } from './facts-io.ts';
import type { PastJob } from './signals/history.ts';
import { openHistory } from './signals/history-io.ts';
import { openObserver } from './signals/observe-io.ts';

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
  const memory: Memory = { known: nothingKnown(), jobs: new Map(), pools: new Map(), earlier: undefined };
  const started = uptime();
  let calls = 0;
  for (;;) {
    const round = await look(step, { question, trust, purse, memory });
    calls += round.calls;
    const waited = uptime() - started;
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

/** The longest wait of a pool that is full and that a job on hosted runners or the fallback could go to. */
function mayWait(
  { pools }: Question,
  { placements, verdicts }: Pick<Considered, 'placements' | 'verdicts'>,
): number {
  const left = placements
    .filter(({ pool, isSelfHosted }) => pool === 'fallback' || !isSelfHosted)
    .map(({ job }) => job);
  const full = pools.filter(({ name }) => {
    const isFull = ['busy', 'saturated', 'idle'].includes(verdicts.get(name)?.reason ?? '');
    const isWanted = left.some(
      ({ pools: own, rollout }) => own.includes(name) && rollout.point < rollout.share,
    );
    return isFull && isWanted;
  });
  return Math.max(0, ...full.map(({ whenBusy }) => whenBusy.wait));
}

/** What one look leaves to the next. Who is alive and free is found out anew each time. */
interface Memory extends Lasting {
  known: Known;
  /** All jobs that were read, by their id. */
  jobs: Map<number, PastJob>;
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
  const { known } = memory;
  const deadline = step.deadline.limit(purse.deadline);
  const client = (calls: number) =>
    purse.token === undefined
      ? undefined
      : connect({ token: purse.token, apiUrl: job.apiUrl, deadline, calls, known });
  const history = openHistory(job.repository, job.runId);
  const observer = openObserver({ ...purse, job, deadline, history, known, pools: question.pools });
  const past = client(purse.historyCalls);
  const aside = client(asideCalls);
  const looking: Looking = { question, observer, history, lasting: memory, past, aside, ahead: undefined };
  const placing = place(question, trust);
  let next = placing.next();
  while (next.done !== true) next = placing.next(await factsOf(step, next.value, looking));
  for (const read of history.jobs()) memory.jobs.set(read.id, read);
  const calls = observer.calls() + (past?.callsUsed() ?? 0) + (aside?.callsUsed() ?? 0);
  return { ...next.value, calls };
}
