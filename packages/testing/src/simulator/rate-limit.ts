import type { Caller } from './access.ts';
import { type Reply, refuse } from './exchange.ts';
import { clock, type Fleet } from './fleet.ts';
import type { Route } from './route.ts';

/** How far a caller is through its hour. */
export interface Quota {
  limit: number;
  used: number;
  remaining: number;
  /** Seconds since the epoch. */
  reset: number;
}

/** Tokens have 5,000 requests an hour unless the fleet says otherwise, strangers 60. */
export function quotaOf(fleet: Fleet, { token }: Caller, sent: number): Quota {
  const limit = token?.rate_limit?.limit ?? (token === undefined ? 60 : 5_000);
  const before = limit - (token?.rate_limit?.remaining ?? limit);
  const used = Math.min(limit, before + sent);
  const hour = 3_600_000;
  const reset = (Math.floor(clock(fleet) / hour + 1) * hour) / 1_000;
  return { limit, used, remaining: limit - used, reset };
}

export function quotaHeaders(quota: Quota): Record<string, string> {
  const entries = Object.entries(quota).map(([name, value]) => [`x-ratelimit-${name}`, `${value}`]);
  return { ...Object.fromEntries(entries), 'x-ratelimit-resource': 'core' };
}

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function exceeded(): Reply {
  return refuse(403, 'API rate limit exceeded');
}

/** https://docs.github.com/rest/rate-limit/rate-limit */
export function rateLimitRoute(quota: Quota): Route {
  return {
    method: 'GET',
    path: '/rate_limit',
    free: true,
    handle: () => ({ status: 200, json: { resources: { core: quota, search: quota }, rate: quota } }),
  };
}
