import {
  type Confidence,
  poolLife,
  type Observation,
  type ObservedFacts,
  type Source,
} from '@runner-actions/history';
import type { Pool } from '../request/pool.ts';
import type { BreakerState } from './breaker.ts';

/** Why a pool was used or skipped. The README documents the codes: new ones may be added, but never rename one. */
export const reasons = [
  ...([
    'idle',
    'online',
    'hosted',
    'forced',
    'busy',
    'saturated',
    'degraded',
    'offline',
    'outdated',
  ] as const),
  ...(['no-match', 'group-not-visible', 'unknown', 'starting', 'token-missing', 'rate-limited'] as const),
  ...(['breaker-open', 'runner-lost', 'rollout', 'untrusted', 'error'] as const),
] as const;
export type Reason = (typeof reasons)[number];

/** Facts about a self-hosted pool. */
export interface PoolFacts {
  observation: Observation;
  breaker?: BreakerState | undefined;
  /** In the previous attempt, a job lost its runner in this pool or was cancelled while it waited for one. */
  lostRunner?: boolean;
  /** Number of jobs of other runs that are placed before the jobs of this run. */
  ahead?: number;
}

/** How many jobs of this run a pool takes, and why. */
export interface Verdict {
  /** 0: the pool takes no job. */
  capacity: number;
  reason: Reason;
  source: Source;
  confidence: Confidence;
  /** Text for users, without a full stop. */
  why: string;
}

/** Decides from the facts whether a self-hosted pool can take jobs. */
export function judgePool(pool: Pool, facts: PoolFacts): Verdict {
  const { observation: seen, breaker, lostRunner = false } = facts;
  const base = { source: seen.source, confidence: seen.kind === 'seen' ? seen.confidence : ('low' as const) };
  const skipped = (reason: Reason, why: string): Verdict => ({ ...base, capacity: 0, reason, why });
  if (lostRunner)
    return {
      ...skipped(
        'runner-lost',
        'in the previous attempt a job lost its runner in this pool, or waited for one until it was cancelled',
      ),
      source: 'history',
    };
  if (breaker?.state === 'open')
    return { ...skipped('breaker-open', breaker.why), source: 'history', confidence: 'medium' };
  if (seen.kind === 'unknown') {
    if (seen.room === 0)
      return skipped('saturated', `its jobs use all of its ${pool.maxRunners} runners, or wait for them`);
    const why = `the state of the runners is unknown (${seen.detail})`;
    return {
      ...skipped(seen.reason, why),
      capacity: pool.onUnknown === 'use' ? (seen.room ?? Number.POSITIVE_INFINITY) : 0,
    };
  }
  const problem = problemOf(seen);
  if (problem !== undefined) return skipped(...problem);
  return withCapacity(pool, seen, facts.ahead ?? 0, base);
}

function problemOf(seen: ObservedFacts): [Reason, string] | undefined {
  if (seen.state === 'degraded') return ['degraded', `its runners fail to start (${seen.detail})`];
  if (seen.state === 'saturated') return ['saturated', `the pool has reached its limit (${seen.detail})`];
  if (seen.matching === 0 && seen.hidden > 0)
    return [
      'group-not-visible',
      'the runners with these labels are in a group that this repository, or the workflow file of the job, may not use',
    ];
  if (seen.matching === 0) return ['no-match', 'no runner has all the labels'];
  if (poolLife(seen) === 'dead' && (seen.outdated ?? 0) > 0)
    return [
      'outdated',
      `${seen.outdated} online, but their version is too old for GitHub to give them jobs: update them`,
    ];
  if (poolLife(seen) === 'dead') {
    const runners = `${seen.matching} runner${seen.matching === 1 ? '' : 's'} with these labels, none online`;
    return ['offline', seen.source === 'runners-api' ? runners : seen.detail];
  }
  return undefined;
}

function withCapacity(
  { whenBusy }: Pool,
  { free, online, source, detail }: ObservedFacts,
  ahead: number,
  base: Pick<Verdict, 'source' | 'confidence'>,
): Verdict {
  const isCounted = source === 'runners-api';
  // Other sources show that runners are alive, but do not count the online ones.
  const counts = isCounted
    ? `${free} of ${online} online ${online === 1 ? 'runner is' : 'runners are'} free`
    : detail;
  const capacity = whenBusy.capacity(free);
  if (capacity === 0)
    return { ...base, capacity, reason: 'busy', why: `${counts}, at least ${whenBusy.minFree} required` };
  if (capacity <= ahead)
    return {
      ...base,
      capacity: 0,
      reason: 'busy',
      why: `${counts}, and ${ahead} jobs of earlier runs go first`,
    };
  return { ...base, capacity: capacity - ahead, reason: free > 0 ? 'idle' : 'online', why: counts };
}
