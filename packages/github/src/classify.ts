import { redact } from '@runner-actions/core';
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
 * so. The failure says what to do, and quotes GitHub's own message.
 * Source: GitHub's page "Rate limits for the REST API", "Exceeding the rate limit".
 * @param path begins the message
 * @param now milliseconds since the epoch. `x-ratelimit-reset` is compared with the `date` header of the response if
 * it has one, because clocks differ
 */
export function classify(
  path: string,
  answer: { status: number; headers: Headers; message: string },
  now: number,
): Classified {
  const { status, headers, message } = answer;
  const acceptedPermissions = text(headers['x-accepted-github-permissions']);
  const sentence = sentenceOf(message);
  const fail = (kind: FailureKind, why: string, retryAfter?: number): Classified => {
    const isNews = sentence !== '' && sentence !== 'Not Found' && sentence !== why;
    const source = isWebPage(message) ? '' : 'GitHub says: ';
    const full = `${path}: ${status} ${why}${isNews ? `; ${source}${sentence}` : ''}`;
    return { failure: new GitHubFailure(kind, full, { status, acceptedPermissions }), retryAfter };
  };
  if (status >= 500)
    return fail('server-error', 'GitHub had a server error', waitOf(headers) ?? serverErrorBackoff);
  if (status === 429 || (status === 403 && isRateLimit(headers, message))) {
    const wait = waitOf(headers) ?? untilReset(headers, now) ?? secondaryLimitBackoff;
    return fail('rate-limited', `the rate limit is exceeded; retry in ${Math.ceil(wait / 1000)} s`, wait);
  }
  if (status === 401) return fail('unauthorized', 'the token is invalid or has expired; use another token');
  if (status === 403) return fail('forbidden', remedyOf(message, headers));
  if (status === 404) return fail('not-found', 'not found, or not visible to the token');
  if (status === 407)
    return fail(
      'rejected',
      'the proxy requires a user and a password; add them to its address in HTTPS_PROXY',
    );
  return fail('rejected', sentence || 'GitHub rejected the request');
}

/** Says what to do about status 403. GitHub tells the reasons apart only by the message. */
function remedyOf(message: string, headers: Headers): string {
  const sso = text(headers['x-github-sso']);
  if (sso?.startsWith('required') === true || /SAML enforcement/i.test(message)) {
    const page = URL.parse(sso?.split('url=', 2)[1] ?? '');
    // The query of the address holds a code for the owner of the token.
    const where = page?.protocol === 'https:' ? ` at ${page.origin}${page.pathname}` : '';
    return `the owner of the token must authorize it for the single sign-on of the organization${where}`;
  }
  if (/IP allow list/i.test(message))
    return "the organization's IP allow list lacks the address of this machine; add it, or use a machine that is on the list";
  if (/lifetime/i.test(message))
    return 'the lifetime of the token is longer than the organization permits; create a token that expires sooner';
  const permissions = text(headers['x-accepted-github-permissions']);
  if (permissions !== undefined) return `the token lacks a permission; GitHub accepts: ${permissions}`;
  const isPermission = message === '' || /not accessible by|must have|permission|scope/i.test(message);
  return isPermission ? 'the token lacks a permission' : 'GitHub refused the request';
}

function isWebPage(message: string): boolean {
  return message.trimStart().startsWith('<');
}

/** Returns GitHub's own sentence, without the address of its documentation. */
function sentenceOf(message: string): string {
  if (isWebPage(message)) return 'the response is a web page, which a proxy may have sent';
  return firstLine(message)
    .replace(/ - https?:\/\/\S*$/, '')
    .replace(/\.$/, '');
}

/** Returns the first line of a server's message, cut to what a user reads, without control characters. */
export function firstLine(message: string): string {
  // The server may send back the token. A text that is escaped for a page no longer matches the mask.
  const [line = ''] = redact(message)
    .trimStart()
    .slice(0, 300)
    .split(/[\r\n]/, 1);
  return line.replaceAll(/\p{Cc}/gu, ' ').trimEnd();
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
