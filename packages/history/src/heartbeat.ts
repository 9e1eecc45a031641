import type { Run } from '@runner-actions/github';
import type { Seen } from './observation.ts';

/**
 * What the runs of a pool's heartbeat workflow tell. A run that succeeded at most `maxAge` ago, that age included, is a
 * proof of life; older ones alone say that the pool is dead, or busy for so long that it comes to the same.
 * `undefined`: there is no run to go by.
 */
export function readHeartbeat(runs: readonly Run[], maxAge: number, now: number): Seen | undefined {
  if (runs.length === 0) return undefined;
  const beats = runs
    .filter(({ conclusion }) => conclusion === 'success')
    .map((run) => run.updatedAt ?? run.createdAt);
  const last = Math.max(Number.NEGATIVE_INFINITY, ...beats);
  const alive = now - last <= maxAge;
  const minutes = Math.round((now - last) / 60_000);
  const detail = beats.length === 0 ? 'no heartbeat succeeded' : `last heartbeat ${minutes} min ago`;
  const amount = alive ? 1 : 0;
  return {
    ...{ kind: 'seen', source: 'heartbeat', confidence: alive ? 'medium' : 'low', hidden: 0, detail },
    ...{ matching: 1, online: amount, free: amount },
  };
}
