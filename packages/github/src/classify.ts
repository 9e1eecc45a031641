import { type FailureKind, GitHubFailure } from './failure.ts';

export type Headers = Readonly<Record<string, string | number | undefined>>;

/** The meaning of a response that is not 2xx, and how long to wait before a retry. */
export interface Classified {
  failure: GitHubFailure;
  /** Milliseconds; `undefined` if a retry is useless. */
  retryAfter: number | undefined;
}

/** Milliseconds. */
const serverErrorBackoff = 500;
const secondaryLimitBackoff = 60_000;

/**
 * Classifies a response by status and headers. 429 is a rate limit, and 403 is one if the headers or the message say
 * so.
 * Source: GitHub's page "Rate limits for the REST API", "Exceeding the rate limit".
 * @param now milliseconds since the epoch. `x-ratelimit-reset` is compared with the `date` header of the response if
 * it has one, because clocks differ
 */
export function classify(
  route: string,
  answer: { status: number; headers: Headers; message: string },
  now: number,
): Classified {
  const { status, headers, message } = answer;
  const acceptedPermissions = text(headers['x-accepted-github-permissions']);
  const fail = (kind: FailureKind, why: string, retryAfter?: number): Classified => ({
    failure: new GitHubFailure(kind, `${route}: ${status} ${why}`, { status, acceptedPermissions }),
    retryAfter,
  });
  if (status >= 500)
    return fail('server-error', 'GitHub had a server error', waitOf(headers) ?? serverErrorBackoff);
  if (status === 429 || (status === 403 && isRateLimit(headers, message))) {
    const wait = waitOf(headers) ?? untilReset(headers, now) ?? secondaryLimitBackoff;
    return fail('rate-limited', `the rate limit is exceeded; retry in ${Math.ceil(wait / 1000)} s`, wait);
  }
  if (status === 401) return fail('unauthorized', 'the token is invalid or has expired');
  if (status === 403) return fail('forbidden', `the token lacks a permission${wanted(acceptedPermissions)}`);
  if (status === 404) return fail('not-found', 'not found, or not visible to the token');
  return fail('rejected', firstLine(message));
}

/** Returns the first line of a server's message, cut to what a user reads. */
export function firstLine(message: string): string {
  return message.slice(0, 300).split(/[\r\n]/, 1)[0] ?? '';
}

function wanted(permissions: string | undefined): string {
  return permissions === undefined ? '' : `; GitHub accepts: ${permissions}`;
}

function isRateLimit(headers: Headers, message: string): boolean {
  return (
    headers['x-ratelimit-remaining']?.toString() === '0' ||
    waitOf(headers) !== undefined ||
    /rate limit/i.test(message)
  );
}

/** Parses `Retry-After`. GitHub sends seconds there, not dates. @returns milliseconds */
function waitOf(headers: Headers): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function untilReset(headers: Headers, now: number): number | undefined {
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
  if (!Number.isFinite(reset) || headers['x-ratelimit-remaining']?.toString() !== '0') return undefined;
  const served = Date.parse(text(headers['date']) ?? '');
  return Math.max(0, reset - (Number.isNaN(served) ? now : served));
}

function text(header: string | number | undefined): string | undefined {
  return header === undefined ? undefined : String(header);
}
