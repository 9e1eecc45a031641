import type { Observation } from '@runner-actions/history';
import type { Pool } from '../../src/request/pool.ts';
import { type WhenBusySettings, createBusyPolicy } from '../../src/request/when-busy.ts';
import type { SelectionRequest, RequestedJob } from '../../src/request/selection-request.ts';

export const trusted = { trusted: true, why: 'it is ours' };
export const untrusted = { trusted: false, why: 'a fork' };

export function pool(name: string, change: Partial<Omit<Pool, 'whenBusy'>> & WhenBusySettings = {}): Pool {
  const { whenBusy: word, minFree, wait, ...rest } = change;
  return {
    ...{
      name,
      kind: 'runners',
      isDeclared: true,
      runsOn: ['self-hosted', name],
      labels: ['self-hosted', name],
      group: undefined,
    },
    ...{ whenBusy: createBusyPolicy({ whenBusy: word, minFree, wait }, {}), onUnknown: 'fallback' },
    ...{ maxRunners: undefined, metrics: undefined, heartbeat: undefined, costPerHour: undefined },
    ...rest,
  };
}

export const hosted = pool('hosted', { kind: 'hosted', runsOn: 'ubuntu-latest', labels: ['ubuntu-latest'] });

export function seen(free: number, busy = 0, offline = 0, hidden = 0): Observation {
  const [online, matching] = [free + busy, free + busy + offline];
  return {
    kind: 'seen',
    source: 'runners-api',
    confidence: 'high',
    matching,
    online,
    free,
    hidden,
    detail: '',
  };
}

export const unknown: Observation = {
  kind: 'unknown',
  source: 'runners-api',
  reason: 'unknown',
  failed: true,
  detail: '503',
};

export function jobs(
  amount: number,
  pools: readonly string[],
  change: Partial<RequestedJob> = {},
): RequestedJob[] {
  return Array.from({ length: amount }, (_, index) => ({
    ...{ index, item: {}, class: undefined, weight: 1, pools, rollout: { name: '', share: 1, point: 0 } },
    ...change,
  }));
}

export function makeRequest(change: Partial<SelectionRequest> = {}): SelectionRequest {
  const pools = change.pools ?? [pool('own')];
  return {
    ...{
      pools,
      jobs: jobs(
        1,
        pools.map(({ name }) => name),
      ),
      fallback: 'ubuntu-latest',
      placement: 'spread',
      maxParallel: Number.POSITIVE_INFINITY,
    },
    ...{ force: undefined, trust: [], breaker: undefined, unknown: undefined },
    ...{ onError: 'fallback', dryRun: false, currency: 'USD' },
    ...change,
  };
}
