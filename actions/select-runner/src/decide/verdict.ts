import { type Confidence, lifeOf, type Observation, type Seen, type Source } from '@runner-actions/history';
import type { Pool } from '../ask/pool.ts';
import type { BreakerState } from './breaker.ts';

/** Why a pool was taken or left. Documented in the README; words are added, none is renamed. */
export const reasons = [
  ...(['idle', 'online', 'hosted', 'forced', 'busy', 'saturated', 'degraded', 'offline'] as const),
  ...(['no-match', 'group-not-visible', 'unknown', 'token-missing', 'rate-limited'] as const),
  ...(['breaker-open', 'runner-lost', 'rollout', 'untrusted', 'error'] as const),
] as const;
export type Reason = (typeof reasons)[number];

/** All that was found out about a self-hosted pool. */
export interface PoolFacts {
  observation: Observation;
  breaker?: BreakerState | undefined;
  /** Jobs of the attempt before this one lost their runner here, or waited for one in vain. */
  lostRunner?: boolean;
  /** Jobs of other runs that are placed before this one's. */
  ahead?: number;
}

/** Whether a pool takes jobs, how many of this run, and why. */
export interface Verdict {
  /** 0: none. */
  capacity: number;
  reason: Reason;
  source: Source;
  confidence: Confidence;
  /** For people, without a full stop. */
  why: string;
}

/** Judges one self-hosted pool by what was seen of it. */
export function judge(pool: Pool, facts: PoolFacts): Verdict {
  const { observation: seen, breaker, lostRunner = false } = facts;
  const base = { source: seen.source, confidence: seen.kind === 'seen' ? seen.confidence : ('low' as const) };
  const left = (reason: Reason, why: string): Verdict => ({ ...base, capacity: 0, reason, why });
  if (lostRunner)
    return {
      ...left('runner-lost', 'the attempt before this one lost its runner there, or waited there in vain'),
      source: 'history',
    };
  if (breaker?.state === 'open')
    return { ...left('breaker-open', breaker.why), source: 'history', confidence: 'medium' };
  if (seen.kind === 'unknown') {
    const why = `nothing could be found out about the runners (${seen.detail})`;
    return { ...left(seen.reason, why), capacity: pool.onUnknown === 'use' ? Number.POSITIVE_INFINITY : 0 };
  }
  const problem = problemOf(seen);
  if (problem !== undefined) return left(...problem);
  return withCapacity(pool, seen, facts.ahead ?? 0, base);
}

function problemOf(seen: Seen): [Reason, string] | undefined {
  if (seen.state === 'degraded') return ['degraded', `its runners fail to start (${seen.detail})`];
  if (seen.state === 'saturated') return ['saturated', `it has all the runners it may have (${seen.detail})`];
  if (seen.matching === 0 && seen.hidden > 0)
    return [
      'group-not-visible',
      'the runners with these labels are in a group that this repository may not use',
    ];
  if (seen.matching === 0) return ['no-match', 'no runner has all the labels'];
  if (lifeOf(seen) === 'dead') {
    const runners = `${seen.matching} runner${seen.matching === 1 ? '' : 's'} with these labels, none online`;
    return ['offline', seen.source === 'runners-api' ? runners : seen.detail];
  }
  return undefined;
}

function withCapacity(
  { whenBusy }: Pool,
  { free, online, source, detail }: Seen,
  ahead: number,
  base: Pick<Verdict, 'source' | 'confidence'>,
): Verdict {
  const isCounted = source === 'runners-api';
  // Other sources prove that there are runners, and do not count those that are online.
  const counts = isCounted
    ? `${free} of ${online} online ${online === 1 ? 'runner is' : 'runners are'} free`
    : detail;
  const capacity = whenBusy.capacity(free);
  if (capacity === 0)
    return { ...base, capacity, reason: 'busy', why: `${counts}, at least ${whenBusy.minFree} wanted` };
  if (capacity <= ahead)
    return {
      ...base,
      capacity: 0,
      reason: 'busy',
      why: `${counts}, and ${ahead} jobs of runs that started before this one come first`,
    };
  return { ...base, capacity: capacity - ahead, reason: free > 0 ? 'idle' : 'online', why: counts };
}
