import { setTimeout as delay } from 'node:timers/promises';
import { type Deadline, explainNetworkFault, reasonOf } from '@runner-actions/core';
import { classify, type Headers } from './classify.ts';
import { GitHubFailure } from './failure.ts';
import type { Request } from './transport.ts';

export interface GitHubOptions {
  token: string;
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  apiUrl: string;
  deadline: Deadline;
  /** How many requests may be sent, retries included. */
  calls: number;
  /** For who asks again and again, or by several clients. */
  known?: Known;
}

/** What clients of one GitHub know together: an answer to one of them tells it to all. */
export interface Known {
  /** What was answered before: an answer that has not changed does not count against the rate limit. */
  answers: Map<string, { etag: string; value: unknown }>;
  /** Milliseconds that GitHub's clock is ahead of this machine's. A machine that is off by minutes would misjudge every age. */
  ahead: number;
}

export function nothingKnown(): Known {
  return { answers: new Map(), ahead: 0 };
}

export type Parameters = Readonly<Record<string, string | number | undefined>>;

/** GitHub's REST API within a deadline and a budget of calls. Every method throws `GitHubFailure`, and nothing else. */
export interface GitHub {
  /** One GET. The answer is whatever JSON came: callers check its shape. */
  get(route: string, parameters?: Parameters): Promise<unknown>;
  /** One POST, sent once: what may have been carried out is not sent again. The answer is whatever JSON came, or nothing. */
  post(route: string, parameters?: Parameters): Promise<unknown>;
  /** Requests sent so far. */
  callsUsed(): number;
  /** GitHub's time in milliseconds since the epoch, by its last answer to any who share what is known; this machine's before the first one. */
  now(): number;
}

/** The longest that one request may take, so that a server that stalls leaves time for a second try. */
const requestLimit = 8_000;
const attempts = 3;
/** Timers count whole milliseconds, so a request may be cut off a moment before its deadline has passed. */
const timerGrain = 5;

/**
 * A client. Server errors, dropped connections and short rate limits are tried again, as long as the wait fits into
 * the deadline. What sends them is loaded on the first call.
 */
export function connect(options: GitHubOptions): GitHub {
  let used = 0;
  const clock: Pick<Known, 'ahead'> = options.known ?? { ahead: 0 };
  let opened: Promise<Request> | undefined;
  const open = () =>
    (opened ??= import('./transport.ts')
      .then(({ openRequest }) => openRequest(options.token, options.apiUrl))
      .catch((error: unknown) => {
        throw new GitHubFailure('network', reasonOf(error), { cause: error });
      }));
  return {
    callsUsed: () => used,
    now: () => Date.now() + clock.ahead,
    async post(route, parameters = {}) {
      if (used >= options.calls) throw overBudget(route, options);
      used += 1;
      const { value, failure } = await send(await open(), `POST ${route}`, parameters, {
        ...options,
        clock,
      });
      if (failure !== undefined) throw failure;
      return value;
    },
    async get(route, parameters = {}) {
      for (let attempt = 1; ; attempt += 1) {
        if (used >= options.calls) throw overBudget(route, options);
        used += 1;
        const { value, failure, retryAfter } = await send(await open(), `GET ${route}`, parameters, {
          ...options,
          clock,
        });
        if (failure === undefined) return value;
        const wait = retryAfter === undefined ? undefined : retryAfter * attempt;
        if (wait === undefined || attempt === attempts || wait >= options.deadline.remaining()) throw failure;
        await delay(wait, undefined, { signal: options.deadline.signal }).catch(() => {
          throw failure;
        });
      }
    },
  };
}

function overBudget(route: string, { calls }: GitHubOptions): GitHubFailure {
  return new GitHubFailure('call-budget', `${route}: the budget of ${calls} calls is used up`);
}

/** The header counts in seconds, so a small difference is none. */
const noSkew = 5_000;

function setClock(clock: Pick<Known, 'ahead'>, headers: Headers): void {
  const ahead = Date.parse(String(headers.date ?? '')) - Date.now();
  if (!Number.isNaN(ahead)) clock.ahead = Math.abs(ahead) < noSkew ? 0 : ahead;
}

interface Answer {
  value?: unknown;
  failure?: GitHubFailure;
  retryAfter?: number | undefined;
}

async function send(
  request: Request,
  method: string,
  parameters: Parameters,
  { deadline, known, clock }: Pick<GitHubOptions, 'deadline' | 'known'> & { clock: Pick<Known, 'ahead'> },
): Promise<Answer> {
  const { signal } = deadline.limit(requestLimit);
  const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const route = method.replace(/^\w+ /, '');
  const id = JSON.stringify([method, given]);
  const before = known?.answers.get(id);
  try {
    const conditional = before === undefined ? {} : { headers: { 'if-none-match': before.etag } };
    const { data, headers } = await request(method, { ...given, ...conditional, request: { signal } });
    setClock(clock, headers);
    if (typeof data === 'object' && data !== null) {
      if (typeof headers.etag === 'string') known?.answers.set(id, { etag: headers.etag, value: data });
      return { value: data };
    }
    // GitHub may have nothing to say to a POST; a page of a proxy's is something else, and no sign that it was carried out.
    if (method.startsWith('POST ') && (data === '' || data === undefined)) return {};
    return { failure: new GitHubFailure('invalid-response', `${route}: the answer is not JSON`) };
  } catch (error) {
    const { status, response } = error as { status?: number; response?: { headers: Headers } };
    setClock(clock, response?.headers ?? {});
    if (before !== undefined && status === 304) return { value: before.value };
    return explain(route, error, deadline);
  }
}

function explain(route: string, error: unknown, deadline: Deadline): Answer {
  const { status, message, cause, response } = error as {
    status?: number;
    message: string;
    cause?: unknown;
    response?: { headers: Headers };
  };
  if (deadline.remaining() <= timerGrain) {
    return {
      failure: new GitHubFailure('deadline', `${route}: no answer before the deadline`, { cause: error }),
    };
  }
  if (response !== undefined && status !== undefined && status >= 300) {
    return classify(route, { status, headers: response.headers, message }, Date.now());
  }
  const kind = status !== undefined && status < 300 ? 'invalid-response' : 'network';
  const reason = kind === 'network' && cause instanceof Error ? explainNetworkFault(cause) : message;
  const failure = new GitHubFailure(kind, `${route}: ${reason.split('\n', 1)[0]}`, { cause: error });
  return { failure, retryAfter: kind === 'network' ? 300 : undefined };
}
