import { labelsAndGroupOf, mayTakeJobsOf, type Pool as ConfiguredPool } from '@runner-actions/config';
import { hourlyRate, microsPerUnit, priceOfPool } from '@runner-actions/cost';
import type { ObservedPool } from '@runner-actions/history';
import { hasSelfHostedLabel, type RunsOn } from './runs-on.ts';
import { type WhenBusySettings, type BusyPolicy, createBusyPolicy } from './when-busy.ts';

/** A pool with all its settings resolved, defaults included. */
export interface Pool extends ObservedPool {
  runsOn: RunsOn;
  whenBusy: BusyPolicy;
  onUnknown: 'fallback' | 'use';
  costPerHour: number | undefined;
}

/** Inputs of the step that apply to every pool. `undefined`: the configuration decides. */
export interface PoolOverrides extends WhenBusySettings {
  onUnknown?: Pool['onUnknown'] | undefined;
}

/** Creates a pool from the configuration. Inputs override it. */
export function poolFromConfig(pool: ConfiguredPool, given: PoolOverrides): Pool {
  const url = pool['metrics-url'];
  const { heartbeat } = pool;
  const price = priceOfPool(pool);
  return {
    ...runsOnFields(pool['runs-on'] as RunsOn),
    name: pool.name,
    kind: pool.kind,
    isDeclared: true,
    whenBusy: createBusyPolicy(given, {
      whenBusy: pool['when-busy'],
      minFree: pool['min-free'],
      wait: pool.wait,
    }),
    onUnknown: given.onUnknown ?? pool['on-unknown'] ?? 'fallback',
    maxRunners: pool['max-runners'],
    metrics: url === undefined ? undefined : { url, tokenVariable: pool['metrics-token-env'] },
    heartbeat:
      heartbeat === undefined ? undefined : { workflow: heartbeat.workflow, maxAge: heartbeat['max-age'] },
    costPerHour: price && hourlyRate(price).total / microsPerUnit,
  };
}

/** Creates the pool for the input `labels`, which needs no configuration. */
export function poolFromLabels(labels: readonly string[], given: PoolOverrides): Pool {
  const [first = ''] = labels;
  return {
    ...runsOnFields(labels.length === 1 ? first : labels),
    name: labels.join('+'),
    kind: 'runners',
    isDeclared: false,
    whenBusy: createBusyPolicy(given, {}),
    onUnknown: given.onUnknown ?? 'fallback',
    ...{ maxRunners: undefined, metrics: undefined, heartbeat: undefined, costPerHour: undefined },
  };
}

/** Splits a `runs-on` value into its labels and its group. */
export function runsOnFields(runsOn: RunsOn): Pick<Pool, 'runsOn' | 'labels' | 'group'> {
  return { runsOn, ...labelsAndGroupOf(runsOn) };
}

export function isSelfHosted({ kind, runsOn }: Pick<Pool, 'kind' | 'runsOn'>): boolean {
  return kind !== 'hosted' || hasSelfHostedLabel(runsOn);
}

/**
 * Whether self-hosted runners may take a job with this `runs-on`: it has the label `self-hosted`, or it overlaps with a
 * self-hosted pool.
 */
export function isKnownSelfHosted(runsOn: RunsOn, pools: readonly Pool[]): boolean {
  const wanted = runsOnFields(runsOn);
  const overlaps = (pool: Pool): boolean => mayTakeJobsOf(pool, wanted) || mayTakeJobsOf(wanted, pool);
  return hasSelfHostedLabel(runsOn) || pools.some((pool) => isSelfHosted(pool) && overlaps(pool));
}
