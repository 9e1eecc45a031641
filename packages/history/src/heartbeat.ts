import type { Run } from '@runner-actions/github';
import type { ObservedFacts } from './observation.ts';

/**
 * Judges a pool by the runs of its heartbeat workflow. A run that succeeded at most `maxAge` milliseconds ago
 * (inclusive) proves that the pool is alive. If there are only older runs, the pool is dead, or has been busy for so
 * long that it counts as dead.
 * @returns `undefined` if there are no runs
 */
export function readHeartbeat(runs: readonly Run[], maxAge: number, now: number): ObservedFacts | undefined {
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
