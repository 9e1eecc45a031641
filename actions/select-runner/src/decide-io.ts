import { setTimeout as delay } from 'node:timers/promises';
import { type Step, trustOf, uptime } from '@runner-actions/core';
import type { Question } from './ask/question.ts';
import type { Decision } from './decide/decision.ts';
import { estimatesFor } from './decide/estimates.ts';
import { place, type Placed } from './decide/place.ts';
import type { Budget } from './inputs.ts';
import { type Look, openSurvey } from './survey/survey-io.ts';

/** Polls are this far apart, give or take a fifth, so that many waiting jobs do not ask at once. */
const pollEvery = 10_000;

/** Looks at one pool after the other until all jobs have a place; waits for the pools that say so. */
export async function decide(step: Step, question: Question, budget: Budget): Promise<Decision> {
  const trust = trustOf(step.job, question.trust);
  const survey = openSurvey(step, question, budget);
  const started = uptime();
  for (;;) {
    const placed = await answer(place(question, trust), survey.look());
    const waitedMilliseconds = uptime() - started;
    const left = mayWait(question, placed) - waitedMilliseconds;
    if (left <= 0) {
      const estimates = estimatesFor(placed.placements[0], question.pools, survey.jobs());
      return { ...placed, question, trust, estimates, waitedMilliseconds, calls: survey.calls() };
    }
    step.log.info(`All busy; asking again for up to ${Math.ceil(left / 1000)} s more.`);
    const pause = Math.min(left, pollEvery * (0.8 + 0.4 * Math.random()));
    await delay(pause, undefined, { signal: step.deadline.signal });
  }
}

async function answer(placing: ReturnType<typeof place>, look: Look): Promise<Placed> {
  let next = placing.next();
  while (next.done !== true) next = placing.next(await look(next.value));
  return next.value;
}

/** The longest wait of a pool that is full and that a job on hosted runners or the fallback could go to. */
function mayWait({ pools }: Question, { placements, verdicts }: Placed): number {
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
