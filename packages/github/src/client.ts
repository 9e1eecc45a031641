import { setTimeout as delay } from 'node:timers/promises';
import { type Deadline, reasonOf } from '@runner-actions/core';
import { classify, firstLine, type Headers } from './classify.ts';
import { GitHubFailure } from './failure.ts';
import { pathOf } from './path.ts';
import type { Request } from './transport.ts';

export interface GitHubOptions {
  token: string;
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  apiUrl: string;
  deadline: Deadline;
  /** How many requests may be sent, retries included. */
  calls: number;
  /** Requests of this hour that are left to others with the same token: with fewer, none is sent. Default: 0. */
  spare?: number;
  /** State to share between several clients, or to keep for repeated requests. */
  known?: SharedState;
}

/** State that several clients of the same GitHub server share. */
export interface SharedState {
  /** Earlier responses with their ETags. A response that has not changed does not count against the rate limit. */
  answers: Map<string, { etag: string; value: unknown }>;
  /**
   * Milliseconds that GitHub's clock is ahead of this machine's. A clock that is off by minutes would make every age
   * wrong.
   */
  ahead: number;
}

export function emptySharedState(): SharedState {
  return { answers: new Map(), ahead: 0 };
}

/** The parts of a path, of a query, and of a body. A list stands only in a body. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A client of GitHub's REST API with a deadline and a call budget. Every method throws only `GitHubFailure`. */
export interface GitHub {
  /** Sends a GET request. @returns the parsed JSON; callers check its shape */
  get(route: string, parameters?: Parameters): Promise<unknown>;
  /**
   * Sends a POST request, without a retry: GitHub may already have carried it out.
   * @returns the parsed JSON; `undefined` for an empty response
   */
  post(route: string, parameters?: Parameters): Promise<unknown>;
  /** Sends a PATCH request, without a retry, as `post` does. @returns the parsed JSON; callers check its shape */
  patch(route: string, parameters?: Parameters): Promise<unknown>;
  /** Returns the number of requests sent so far. */
  callsUsed(): number;
  /**
   * Returns GitHub's time in milliseconds since the epoch, from its last response to any client that shares the
   * state. Before the first response it is this machine's time.
   */
  now(): number;
}

/** Timeout of one request in milliseconds. It leaves time for a retry if a server stalls. */
const requestTimeout = 8_000;
const maxAttempts = 3;
/** Milliseconds. Timers count whole milliseconds, so a request may be aborted slightly before its deadline. */
const timerTolerance = 5;

/**
 * Creates a client. It retries after server errors, dropped connections and short rate limits, as long as the wait
 * fits into the deadline. The transport module is loaded on the first call.
 */
export function connect(options: GitHubOptions): GitHub {
  let used = 0;
  const clock: Pick<SharedState, 'ahead'> = options.known ?? { ahead: 0 };
  const hour = { left: Infinity };
  let opened: Promise<Request> | undefined;
  const open = () =>
    (opened ??= import('./transport.ts')
      .then(({ openRequest }) => openRequest(options.token, options.apiUrl))
      .catch((error: unknown) => {
        throw new GitHubFailure('network', reasonOf(error), { cause: error });
      }));
  const sendOnce = async (method: 'POST' | 'PATCH', route: string, parameters: Parameters) => {
    if (used >= options.calls) throw overBudget(pathOf(route, parameters), options);
    used += 1;
    const { value, failure } = await send(await open(), `${method} ${route}`, parameters, {
      ...options,
      ...{ clock, hour },
    });
    if (failure !== undefined) throw failure;
    return value;
  };
  return {
    callsUsed: () => used,
    now: () => Date.now() + clock.ahead,
    post: (route, parameters = {}) => sendOnce('POST', route, parameters),
    patch: (route, parameters = {}) => sendOnce('PATCH', route, parameters),
    async get(route, parameters = {}) {
      for (let attempt = 1; ; attempt += 1) {
        if (used >= options.calls) throw overBudget(pathOf(route, parameters), options);
        if (hour.left < (options.spare ?? 0)) throw belowSpare(pathOf(route, parameters), hour.left);
        used += 1;
        const { value, failure, retryAfter } = await send(await open(), `GET ${route}`, parameters, {
          ...options,
          ...{ clock, hour },
        });
        if (failure === undefined) return value;
        const wait = retryAfter === undefined ? undefined : retryAfter * attempt;
        if (wait === undefined || attempt === maxAttempts || wait >= options.deadline.remaining())
          throw failure;
        await delay(wait, undefined, { signal: options.deadline.signal }).catch(() => {
          throw failure;
        });
      }
    },
  };
}

function overBudget(path: string, { calls }: GitHubOptions): GitHubFailure {
  return new GitHubFailure('call-budget', `${path}: the budget of ${calls} calls is used up`);
}

function belowSpare(path: string, left: number): GitHubFailure {
  return new GitHubFailure(
    'call-budget',
    `${path}: GitHub leaves the token only ${left} more calls in this hour`,
  );
}

function countLeft(hour: { left: number }, headers: Headers): void {
  const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
  if (Number.isFinite(left)) hour.left = left;
}

/** Milliseconds. The `date` header counts whole seconds, so smaller differences are ignored. */
const ignoredSkew = 5_000;

function setClock(clock: Pick<SharedState, 'ahead'>, headers: Headers): void {
  const ahead = Date.parse(String(headers.date ?? '')) - Date.now();
  if (!Number.isNaN(ahead)) clock.ahead = Math.abs(ahead) < ignoredSkew ? 0 : ahead;
}

interface Outcome {
  value?: unknown;
  failure?: GitHubFailure;
  retryAfter?: number | undefined;
}

async function send(
  request: Request,
  method: string,
  parameters: Parameters,
  {
    deadline,
    known,
    clock,
    hour,
  }: Pick<GitHubOptions, 'deadline' | 'known'> & {
    clock: Pick<SharedState, 'ahead'>;
    hour: { left: number };
  },
): Promise<Outcome> {
  const { signal } = deadline.limit(requestTimeout);
  const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const path = pathOf(method.replace(/^\w+ /, ''), parameters);
  const id = JSON.stringify([method, given]);
  const before = known?.answers.get(id);
  try {
    const conditional = before === undefined ? {} : { headers: { 'if-none-match': before.etag } };
    const { data, headers } = await request(method, { ...given, ...conditional, request: { signal } });
    setClock(clock, headers);
    countLeft(hour, headers);
    if (typeof data === 'object' && data !== null) {
      if (typeof headers.etag === 'string') known?.answers.set(id, { etag: headers.etag, value: data });
      return { value: data };
    }
    // GitHub's response to a POST may be empty. Any other text may come from a proxy and does not prove that GitHub
    // carried it out.
    if (method.startsWith('POST ') && (data === '' || data === undefined)) return {};
    return { failure: new GitHubFailure('invalid-response', `${path}: the response is not JSON`) };
  } catch (error) {
    const { status, response } = error as { status?: number; response?: { headers: Headers } };
    setClock(clock, response?.headers ?? {});
    countLeft(hour, response?.headers ?? {});
    if (before !== undefined && status === 304) return { value: before.value };
    return explain(path, error, deadline);
  }
}

function explain(path: string, error: unknown, deadline: Deadline): Outcome {
  const { status, message, response } = error as {
    status?: number;
    message: string;
    response?: { headers: Headers };
  };
  if (deadline.remaining() <= timerTolerance) {
    return {
      failure: new GitHubFailure('deadline', `${path}: no response before the deadline`, { cause: error }),
    };
  }
  if (response !== undefined && status !== undefined && status >= 300) {
    return classify(path, { status, headers: response.headers, message }, Date.now());
  }
  const kind = status !== undefined && status < 300 ? 'invalid-response' : 'network';
  const failure = new GitHubFailure(kind, `${path}: ${firstLine(message)}`, { cause: error });
  return { failure, retryAfter: kind === 'network' ? 300 : undefined };
}
