import type { Caller } from './access.ts';
import { type Reply, errorReply } from './exchange.ts';
import { currentTime, type Fleet } from './fleet.ts';
import type { Route } from './route.ts';

/** The rate limit of a caller in the current hour. */
export interface Quota {
  limit: number;
  used: number;
  remaining: number;
  /** When the limit resets, in seconds since the epoch. */
  reset: number;
}

/**
 * Returns the rate limit of a caller: for a token, 5,000 requests an hour unless the fleet sets another limit; without a
 * token, 60.
 * @param counted how many requests of this caller counted so far
 */
export function quotaOf(fleet: Fleet, { token }: Caller, counted: number): Quota {
  const limit = token?.rate_limit?.limit ?? (token === undefined ? 60 : 5_000);
  const before = limit - (token?.rate_limit?.remaining ?? limit);
  const used = Math.min(limit, before + counted);
  const hour = 3_600_000;
  const reset = (Math.floor(currentTime(fleet) / hour + 1) * hour) / 1_000;
  return { limit, used, remaining: limit - used, reset };
}

export function quotaHeaders(quota: Quota): Record<string, string> {
  const entries = Object.entries(quota).map(([name, value]) => [`x-ratelimit-${name}`, `${value}`]);
  return { ...Object.fromEntries(entries), 'x-ratelimit-resource': 'core' };
}

/** Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function rateLimitExceeded(): Reply {
  return errorReply(403, 'API rate limit exceeded');
}

/** Source: https://docs.github.com/rest/rate-limit/rate-limit */
export function rateLimitRoute(quota: Quota): Route {
  return {
    method: 'GET',
    path: '/rate_limit',
    exemptFromRateLimit: true,
    handle: () => ({ status: 200, json: { resources: { core: quota, search: quota }, rate: quota } }),
  };
}
