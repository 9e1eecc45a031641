import type { Pool as ConfiguredPool } from '@runner-actions/config';
import { hasLabels } from '@runner-actions/github';
import type { ObservedPool, Wanted } from '@runner-actions/history';
import { isDeclaredSelfHosted, type RunsOn } from './runs-on.ts';
import { type BusyChoice, type WhenBusy, whenBusy } from './when-busy.ts';

/** A pool as the selection sees it: every choice made, defaults included. */
export interface Pool extends ObservedPool {
  runsOn: RunsOn;
  whenBusy: WhenBusy;
  onUnknown: 'fallback' | 'use';
  costPerHour: number | undefined;
}

/** What a step's inputs say about every pool; `undefined` leaves it to the configuration. */
export interface PoolOverrides extends BusyChoice {
  onUnknown?: Pool['onUnknown'] | undefined;
}

/** The pool of a configuration. Inputs go before it. */
export function fromConfig(pool: ConfiguredPool, given: PoolOverrides): Pool {
  const url = pool['metrics-url'];
  const { heartbeat } = pool;
  return {
    ...shapeOf(pool['runs-on'] as RunsOn),
    name: pool.name,
    kind: pool.kind,
    whenBusy: whenBusy(given, {
      whenBusy: pool['when-busy'],
      minFree: pool['min-free'],
      wait: pool.wait,
    }),
    onUnknown: given.onUnknown ?? pool['on-unknown'] ?? 'fallback',
    maxRunners: pool['max-runners'],
    metrics: url === undefined ? undefined : { url, tokenVariable: pool['metrics-token-env'] },
    heartbeat:
      heartbeat === undefined ? undefined : { workflow: heartbeat.workflow, maxAge: heartbeat['max-age'] },
    costPerHour: pool['cost-per-hour'],
  };
}

/** The pool of the input `labels`: the way without a configuration. */
export function fromLabels(labels: readonly string[], given: PoolOverrides): Pool {
  const [first = ''] = labels;
  return {
    ...shapeOf(labels.length === 1 ? first : labels),
    name: labels.join('+'),
    kind: 'runners',
    whenBusy: whenBusy(given, {}),
    onUnknown: given.onUnknown ?? 'fallback',
    ...{ maxRunners: undefined, metrics: undefined, heartbeat: undefined, costPerHour: undefined },
  };
}

export function shapeOf(runsOn: RunsOn): Pick<Pool, 'runsOn' | 'labels' | 'group'> {
  if (typeof runsOn === 'object' && 'group' in runsOn)
    return { runsOn, labels: [runsOn.labels ?? []].flat(), group: runsOn.group };
  return { runsOn, labels: [runsOn].flat(), group: undefined };
}

export function isSelfHosted({ kind, runsOn }: Pick<Pool, 'kind' | 'runsOn'>): boolean {
  return kind !== 'hosted' || isDeclaredSelfHosted(runsOn);
}

/** Whether self-hosted runners may take what asks for this `runs-on`: it says so outright, or runners of a pool have what it asks for. */
export function isKnownSelfHosted(runsOn: RunsOn, pools: readonly Pool[]): boolean {
  const asked = shapeOf(runsOn);
  const isShared = (pool: Pool): boolean => includes(asked, pool) || includes(pool, asked);
  return isDeclaredSelfHosted(runsOn) || pools.some((pool) => isSelfHosted(pool) && isShared(pool));
}

/** Whether each runner that has what `narrow` asks for has what `wide` asks for. */
function includes(wide: Wanted, narrow: Wanted): boolean {
  const isInGroup = wide.group === undefined || wide.group.toLowerCase() === narrow.group?.toLowerCase();
  return isInGroup && hasLabels(narrow, wide.labels);
}
