import { setTimeout as delay } from 'node:timers/promises';
import { type Step, monotonicNow } from '@runner-actions/core';
import type { SelectionRequest } from './request/selection-request.ts';
import type { Decision } from './decide/decision.ts';
import { estimatesFor } from './decide/estimates.ts';
import { placeJobs, type Placed } from './decide/placement.ts';
import type { Budget } from './inputs.ts';
import { openPoolFacts, type ReadFacts } from './pool-facts/pool-facts-io.ts';
import { readTrust } from './trust-io.ts';

/**
 * Milliseconds between polls. Up to 20% is added or removed at random, so that waiting jobs do not all poll at once.
 */
const pollEvery = 10_000;

/** Checks one pool after another until all jobs are placed. Waits for busy pools whose settings allow it. */
export async function decide(step: Step, request: SelectionRequest, budget: Budget): Promise<Decision> {
  const asked = monotonicNow();
  const { trust, calls } = await readTrust(step, request, budget);
  const started = monotonicNow();
  const deadline = Math.max(0, budget.deadline - (started - asked));
  const facts = openPoolFacts(step, request, { ...budget, deadline });
  for (;;) {
    const placed = await supplyFacts(placeJobs(request, trust), facts.startRound());
    const waitedMilliseconds = monotonicNow() - started;
    const left = longestWait(request, placed) - waitedMilliseconds;
    if (left <= 0) {
      const estimates = estimatesFor(placed.placements[0], request.pools, facts.jobs());
      return { ...placed, request, trust, estimates, waitedMilliseconds, calls: calls + facts.calls() };
    }
    step.log.info(`No runner is free. Polling for up to ${Math.ceil(left / 1000)} s more.`);
    const pause = Math.min(left, pollEvery * (0.8 + 0.4 * Math.random()));
    await delay(pause, undefined, { signal: step.deadline.signal });
  }
}

/** Runs the placement, and gives it the facts about each pool that it requests. */
async function supplyFacts(placing: ReturnType<typeof placeJobs>, readFacts: ReadFacts): Promise<Placed> {
  let next = placing.next();
  while (next.done !== true) next = placing.next(await readFacts(next.value));
  return next.value;
}

/** Returns the longest `wait` of the full or starting pools that a job on hosted runners or on the fallback could still use. */
function longestWait({ pools }: SelectionRequest, { placements, verdicts }: Placed): number {
  const left = placements
    .filter(({ pool, isSelfHosted }) => pool === 'fallback' || !isSelfHosted)
    .map(({ job }) => job);
  const full = pools.filter(({ name }) => {
    const isFull = ['busy', 'saturated', 'starting', 'idle'].includes(verdicts.get(name)?.reason ?? '');
    const isWanted = left.some(
      ({ pools: own, rollout }) => own.includes(name) && rollout.point < rollout.share,
    );
    return isFull && isWanted;
  });
  return Math.max(0, ...full.map(({ whenBusy }) => whenBusy.wait));
}
