import type { Trust } from '@runner-actions/core';
import type { SelectionRequest } from '../request/selection-request.ts';
import { type Estimates, noEstimates } from './estimates.ts';
import { placeOnFallback, type Placed, type Placement } from './placement.ts';

/** The result of a selection, with everything that led to it. */
export interface Decision extends Placed {
  request: SelectionRequest;
  trust: Trust;
  estimates: Estimates;
  waitedMilliseconds: number;
  calls: number;
}

/** Returns the decision to make when nothing is known: the fallback for all jobs. */
export function decideWithoutFacts(request: SelectionRequest, trust: Trust, why: string): Decision {
  const verdict = { capacity: 0, reason: 'error', source: 'static', confidence: 'low', why } as const;
  return {
    ...{ request, trust, facts: new Map(), verdicts: new Map() },
    placements: request.jobs.map((job) => placeOnFallback(request, trust, job, verdict)),
    ...{ estimates: noEstimates, waitedMilliseconds: 0, calls: 0 },
  };
}

/** Sends all jobs to the fallback, each with the reason that it would have without `dry-run`. */
export function toDryRun(decision: Decision): Decision {
  const { request, trust, placements } = decision;
  const shown = placements.map(({ job, verdict }) => placeOnFallback(request, trust, job, verdict));
  return { ...decision, placements: shown };
}

/** Changes every placement to `fail`, so that no job runs. */
export function toFailed(decision: Decision): Decision {
  const fail = (placement: Placement): Placement => ({
    ...placement,
    ...{ decision: 'fail', runsOn: '', isSelfHosted: false },
  });
  return { ...decision, placements: decision.placements.map(fail) };
}
