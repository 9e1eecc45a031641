import { type ApiRequest, type ApiResponse, errorReply, withoutHeaders } from './exchange.ts';
import { pageLink } from './pagination.ts';

/** A deliberate fault. */
export type Fault =
  /** Responds with an error of GitHub, with headers such as `retry-after`. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; message?: string }
  /**
   * Responds with 403: no requests left for `resetSeconds` (default 3600). With `secondary`, responds with 403 and a
   * `retry-after` of that many seconds.
   */
  | { kind: 'rate-limit'; resetSeconds?: number; secondary?: boolean }
  /** Never responds. With `afterHeaders`, sends the headers but no body. */
  | { kind: 'stall'; afterHeaders?: boolean }
  /** Sends half of the body, then closes the connection. */
  | { kind: 'truncate' }
  /** Responds with an HTML page of a proxy instead of JSON. */
  | { kind: 'html'; status?: number }
  /** Responds with a JSON content type and a body that is not JSON. */
  | { kind: 'invalid-json' }
  /** Resets the connection. */
  | { kind: 'reset' }
  /** Always links to a next page, and returns the items of the first page on every page. */
  | { kind: 'lying-link' }
  /** Reports another number of items than the list has. */
  | { kind: 'wrong-total'; total: number }
  /** Responds after some time. */
  | { kind: 'delay'; milliseconds: number };

/** A fault for requests whose path with query matches `match`. `times`: how many of them it affects (default: all). */
export type FaultRule = Fault & { match: RegExp | string; times?: number };

/**
 * Finds the first rule that matches and is not used up, and counts its use.
 * @param target the path with its query
 * @param timesUsed how often each rule was used; this function updates it
 */
export function pickFault(
  rules: readonly FaultRule[],
  target: string,
  timesUsed: Map<FaultRule, number>,
): Fault | undefined {
  const rule = rules.find((candidate) => {
    return (
      (timesUsed.get(candidate) ?? 0) < (candidate.times ?? Infinity) &&
      new RegExp(candidate.match).test(target)
    );
  });
  if (rule !== undefined) timesUsed.set(rule, (timesUsed.get(rule) ?? 0) + 1);
  return rule;
}

/** Changes the request as the fault requires: `lying-link` always reads the first page. */
export function alterRequest(fault: Fault | undefined, request: ApiRequest): ApiRequest {
  return fault?.kind === 'lying-link' ? { ...request, query: { ...request.query, page: '1' } } : request;
}

/**
 * Changes the response as the fault requires. Returns it unchanged for faults of the connection, which the server
 * creates when it sends the response.
 */
export function alterResponse(
  fault: Fault,
  request: ApiRequest,
  response: ApiResponse,
  now: number,
): ApiResponse {
  const { headers } = response;
  switch (fault.kind) {
    case 'status':
      return errorResponse(fault.status, fault.message ?? 'Simulated failure', {
        ...headers,
        ...fault.headers,
      });
    case 'rate-limit':
      return rateLimited(fault, headers, now);
    case 'html': {
      const body = '<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>';
      return { status: fault.status ?? 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
    }
    case 'invalid-json':
      return { ...response, body: `${response.body.slice(0, -1)},,` };
    case 'lying-link': {
      const page = Number(request.query.page ?? 1);
      return { ...response, headers: { ...headers, link: pageLink(request, page + 1, 'next') } };
    }
    case 'wrong-total': {
      const list = JSON.parse(response.body) as object;
      return { ...response, body: JSON.stringify({ ...list, total_count: fault.total }) };
    }
    default:
      return response;
  }
}

function rateLimited(
  fault: Extract<Fault, { kind: 'rate-limit' }>,
  headers: Record<string, string>,
  now: number,
) {
  const seconds = fault.resetSeconds ?? 3_600;
  if (fault.secondary === true) {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    return errorResponse(403, message, { ...headers, 'retry-after': `${seconds}` });
  }
  return errorResponse(403, 'API rate limit exceeded', {
    ...headers,
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': `${Math.ceil(now / 1_000) + seconds}`,
  });
}

function errorResponse(status: number, message: string, allHeaders: Record<string, string>): ApiResponse {
  const headers = withoutHeaders(allHeaders, ['etag', 'link']);
  return { status, headers, body: JSON.stringify(errorReply(status, message).json) };
}
