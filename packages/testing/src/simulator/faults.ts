import { type ApiRequest, type ApiResponse, refuse, withoutHeaders } from './exchange.ts';
import { link } from './pages.ts';

/** What goes wrong, on purpose. */
export type Fault =
  /** An error of GitHub's, with headers such as `retry-after`. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; message?: string }
  /** No rate left, until `resetSeconds` from now (default 3600); `secondary`: retry after that instead. */
  | { kind: 'rate-limit'; resetSeconds?: number; secondary?: boolean }
  /** Never an answer; `afterHeaders`: the head of one, and no body. */
  | { kind: 'stall'; afterHeaders?: boolean }
  /** Half of the body, then the connection closes. */
  | { kind: 'truncate' }
  /** A proxy's page instead of JSON. */
  | { kind: 'html'; status?: number }
  /** Says JSON, is not. */
  | { kind: 'invalid-json' }
  /** The connection is reset. */
  | { kind: 'reset' }
  /** There is always a next page, and it is always the first one. */
  | { kind: 'lying-link' };

/** A fault for the requests whose path with query matches; `times`: only the first so many (default: all). */
export type FaultRule = Fault & { match: RegExp | string; times?: number };

/** The first rule that matches and is not used up. `used` counts, and is written. */
export function pickFault(
  rules: readonly FaultRule[],
  target: string,
  used: Map<FaultRule, number>,
): Fault | undefined {
  const rule = rules.find((candidate) => {
    return (
      (used.get(candidate) ?? 0) < (candidate.times ?? Infinity) && new RegExp(candidate.match).test(target)
    );
  });
  if (rule !== undefined) used.set(rule, (used.get(rule) ?? 0) + 1);
  return rule;
}

/** The request as a lying server hears it: whatever page is asked for, it looks up the first. */
export function mishear(fault: Fault | undefined, request: ApiRequest): ApiRequest {
  return fault?.kind === 'lying-link' ? { ...request, query: { ...request.query, page: '1' } } : request;
}

/** The answer as the fault makes it. Faults of the connection leave it alone: the server breaks the connection. */
export function spoil(fault: Fault, request: ApiRequest, response: ApiResponse, now: number): ApiResponse {
  const { headers } = response;
  switch (fault.kind) {
    case 'status':
      return failure(fault.status, fault.message ?? 'Simulated failure', { ...headers, ...fault.headers });
    case 'rate-limit':
      return limited(fault, headers, now);
    case 'html': {
      const body = '<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>';
      return { status: fault.status ?? 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
    }
    case 'invalid-json':
      return { ...response, body: `${response.body.slice(0, -1)},,` };
    case 'lying-link': {
      const page = Number(request.query.page ?? 1);
      return { ...response, headers: { ...headers, link: link(request, page + 1, 'next') } };
    }
    default:
      return response;
  }
}

function limited(
  fault: Extract<Fault, { kind: 'rate-limit' }>,
  headers: Record<string, string>,
  now: number,
) {
  const seconds = fault.resetSeconds ?? 3_600;
  if (fault.secondary === true) {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    return failure(403, message, { ...headers, 'retry-after': `${seconds}` });
  }
  return failure(403, 'API rate limit exceeded', {
    ...headers,
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': `${Math.ceil(now / 1_000) + seconds}`,
  });
}

function failure(status: number, message: string, given: Record<string, string>): ApiResponse {
  const headers = withoutHeaders(given, ['etag', 'link']);
  return { status, headers, body: JSON.stringify(refuse(status, message).json) };
}
