import type { Trust } from '@runner-actions/core';
import type { Question } from '../ask/question.ts';
import { type Estimates, noEstimates } from './estimates.ts';
import { fallBack, type Placed, type Placement } from './place.ts';

/** What was decided, and all that led to it. */
export interface Decision extends Placed {
  question: Question;
  trust: Trust;
  estimates: Estimates;
  waitedMilliseconds: number;
  calls: number;
}

/** The decision where nothing is known: the fallback for all jobs. */
export function decideBlindly(question: Question, trust: Trust, why: string): Decision {
  const verdict = { capacity: 0, reason: 'error', source: 'static', confidence: 'low', why } as const;
  return {
    ...{ question, trust, facts: new Map(), verdicts: new Map() },
    placements: question.jobs.map((job) => fallBack(question, trust, job, verdict)),
    ...{ estimates: noEstimates, waitedMilliseconds: 0, calls: 0 },
  };
}

/** In a dry run all jobs go to the fallback, each with the reason that it would have had. */
export function withoutEffect(decision: Decision): Decision {
  const { question, trust, placements } = decision;
  const shown = placements.map(({ job, verdict }) => fallBack(question, trust, job, verdict));
  return { ...decision, placements: shown };
}

/** No job is to run. */
export function failed(decision: Decision): Decision {
  const fail = (placement: Placement): Placement => ({
    ...placement,
    ...{ decision: 'fail', runsOn: '', isSelfHosted: false },
  });
  return { ...decision, placements: decision.placements.map(fail) };
}
