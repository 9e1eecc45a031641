import type { EffectiveConfig } from './effective-config.ts';
import { labelsAndGroupOf, mayTakeJobsOf, orderedPools, type Pool, type RunsOnValue } from './pools.ts';
import type { Position } from './problem.ts';

/** A setting that is valid, but probably not meant. */
export interface Warning extends Position {
  message: string;
}

/**
 * Finds self-hosted pools that may share machines: a runner of one pool has all labels that a job of the other pool
 * requests. A job then may run in another pool than the one it was placed in, and both pools count the same machines.
 */
export function lintPools({ config, originOf }: Pick<EffectiveConfig, 'config' | 'originOf'>): Warning[] {
  const pools = orderedPools(config)
    .filter(({ kind }) => kind !== 'hosted')
    .map((pool) => ({ ...pool, ...labelsAndGroupOf(pool['runs-on'] as RunsOnValue) }));
  return pools.flatMap((pool, index) =>
    pools.flatMap((other, otherIndex) => {
      if (pool === other || !mayTakeJobsOf(other, pool)) return [];
      const isMutual = mayTakeJobsOf(pool, other);
      // Pools with the same labels are reported once.
      if (isMutual && otherIndex < index) return [];
      const place = originOf(['pools', pool.name, 'runs-on']) ?? { file: '', line: 1, column: 1 };
      return [{ ...place, message: isMutual ? bothWays(pool, other) : oneWay(pool, other) }];
    }),
  );
}

function oneWay({ name }: Pick<Pool, 'name'>, other: Pick<Pool, 'name'>): string {
  return `pools.${name}: runners of the pool '${other.name}' have all labels of '${name}', so they may take its jobs, and count as free for both. Give '${name}' a label that '${other.name}' lacks, or put the two in different groups.`;
}

function bothWays({ name }: Pick<Pool, 'name'>, other: Pick<Pool, 'name'>): string {
  return `pools.${name}: the pool '${other.name}' requests the same labels, so the two share their machines, and a free one counts for both. Give each a label of its own, or put the two in different groups.`;
}
