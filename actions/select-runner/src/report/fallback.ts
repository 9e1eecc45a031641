import type { Decision } from '../decide/decision.ts';
import { placeOnFallback, type Placement } from '../decide/placement.ts';
import type { Reason } from '../decide/verdict.ts';
import type { RequestedJob } from '../request/selection-request.ts';
import { toJson } from '../request/runs-on.ts';

/** Stands for any job: the fallback is the same for all. */
const anyJob: RequestedJob = {
  ...{ index: 0, item: {}, class: undefined, weight: 1, pools: [] },
  rollout: { name: '', share: 1, point: 0 },
};
const anyVerdict: Placement['verdict'] = {
  ...{ capacity: 0, reason: 'error', source: 'static', confidence: 'low', why: '' },
};

/** Returns the fallback of this run: JSON for `fromJSON`, or the bare word `fail` or `skip`. */
export function fallbackOf({ request, trust }: Decision): string {
  const { decision, runsOn } = placeOnFallback(request, trust, anyJob, anyVerdict);
  return decision === 'run' ? toJson(runsOn) : decision;
}

/**
 * Reasons with which a job runs elsewhere because somebody wants that, or because its first choice was a hosted pool.
 */
const intended: readonly Reason[] = ['hosted', 'forced', 'rollout', 'untrusted'];

/**
 * Whether a job did not get the self-hosted pools that it wanted: it is on the fallback or on a hosted pool, because
 * the pools before that could not take it. A dry run takes the fallback in any case, so it never falls back.
 */
export function fellBack({ placements, request }: Decision): boolean {
  if (request.dryRun) return false;
  return placements.some(
    ({ pool, isSelfHosted, verdict }) =>
      (pool === 'fallback' || !isSelfHosted) && !intended.includes(verdict.reason),
  );
}

/**
 * Returns the names of the pools that are skipped only because the step has nothing to learn about them from: no
 * `runner-token`, and no heartbeat or job that shows a runner.
 */
export function poolsWithoutSource({ facts, request }: Decision): string[] {
  return request.pools
    .filter(({ name, onUnknown }) => {
      const observation = facts.get(name)?.observation;
      if (observation?.kind !== 'unknown' || onUnknown === 'use') return false;
      return observation.reason === 'token-missing' && !observation.failed;
    })
    .map(({ name }) => name);
}

/** Says how the step can learn about these pools. */
export function adviceFor(pools: readonly string[]): string {
  return `Nothing shows whether the runners of ${pools.join(', ')} are online, so no job goes there: there is no 'runner-token', and no heartbeat or recent job that 'token' can read. Pass a 'runner-token' that may list runners, or run a scheduled heartbeat workflow on each pool and name it in the configuration. If the machines start or wake up when a job comes, declare the pool with 'kind: autoscaled' (or 'scale-set') and 'on-unknown: use'. This is described in docs/select-runner.md of Runner Actions, under "Usual set-ups".`;
}
