import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Deadline } from './deadline.ts';
import { escapeControls, reasonOf } from './errors.ts';
import { type HttpSend, openSend } from './http.ts';
import { redact } from './secrets.ts';

/** A message to a server that is not GitHub, such as one for metrics or alerts. */
export interface Delivery {
  /** How messages call the server: `Pushgateway at push.example.com`. It must not contain a secret. */
  server: string;
  url: URL;
  method: 'PUT' | 'POST';
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Whether a later try may succeed after this status. Default: 408, 429 and all of 500 and above. */
  isTransient?: (status: number) => boolean;
  /** Set if the address is a secret. Then messages quote nothing that the server says about itself. */
  isSecret?: boolean;
}

/** A response, cut at the start of its body. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Milliseconds of one try, its response included. */
const timeout = 5_000;
const retries = 2;
/** Milliseconds before the first retry. */
const pause = 300;
/** Bytes of a response that are read. Servers answer with a sentence. */
const maxAnswer = 16 * 1024;
/** Characters of a server's sentence that are shown. */
const maxSentence = 300;

/**
 * Sends a request, and sends the same request again twice if the server cannot be reached or says that it is busy. Waits
 * as long as its `Retry-After` says, if the deadline allows it. Follows no redirect: the body and the login are for this
 * server alone. Uses the proxy of the environment.
 * @returns the response with a status of 2xx, or one sentence why there is none, safe to show
 */
export async function deliver(delivery: Delivery, deadline: Deadline): Promise<Answer | string> {
  const { server, isTransient = mayPass } = delivery;
  let send: HttpSend;
  try {
    send = await openSend();
  } catch (error) {
    return `${server}: ${reasonOf(error)}.`;
  }
  for (let attempt = 1; ; attempt += 1) {
    const answer = await sendOnce(send, delivery, deadline);
    const isDown = typeof answer === 'string';
    if (!isDown && answer.status >= 200 && answer.status < 300) return accepted(answer, server);
    const reason = `${server}: ${isDown ? answer : explain(answer, delivery)}.`;
    if ((!isDown && !isTransient(answer.status)) || attempt > retries) return reason;
    const asked = isDown ? undefined : retryAfter(answer.headers, Date.now());
    const wait = asked ?? pause * attempt;
    if (wait >= deadline.remaining()) return asked === undefined ? reason : `${reason} ${tooLong(wait)}`;
    await delay(wait, undefined, { signal: deadline.signal }).catch(() => undefined);
  }
}

function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function tooLong(milliseconds: number): string {
  return `It asks to wait ${Math.ceil(milliseconds / 1000)} s, for which no time is left.`;
}

/** @returns the response, or why there is none */
async function sendOnce(send: HttpSend, delivery: Delivery, deadline: Deadline): Promise<Answer | string> {
  const limit = deadline.limit(timeout);
  try {
    const message = await send(delivery.url, {
      method: delivery.method,
      headers: {
        'user-agent': 'runner-actions',
        'accept-encoding': 'identity',
        ...delivery.headers,
        'content-length': String(Buffer.byteLength(delivery.body)),
      },
      body: delivery.body,
      signal: limit.signal,
    });
    return { status: message.statusCode ?? 0, headers: message.headers, text: await startOf(message) };
  } catch (error) {
    if (deadline.remaining() === 0) return 'no complete response in the time that was left';
    if (limit.signal.aborted) return `no complete response within ${timeout / 1000} s`;
    return delivery.isSecret === true ? codeOf(error) : serverText(reasonOf(error));
  }
}

/** Node's messages name the host, which may be a part of the secret. */
function codeOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? error) as { code?: unknown };
  return typeof code === 'string' && /^\w{1,60}$/.test(code)
    ? `the connection failed with ${code}`
    : 'the connection failed';
}

/** Reads the start of a body, and closes the connection if there is more. */
async function startOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length >= maxAnswer) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, maxAnswer);
}

/** A proxy, or the page of a login, also answers with status 200. */
function accepted(answer: Answer, server: string): Answer | string {
  return isWebPage(answer)
    ? `${server}: it answers with a web page. Check the address: a proxy or a login may stand before the server.`
    : answer;
}

const remedies: Readonly<Record<number, string>> = {
  401: 'Check the login',
  403: 'Check the login and its rights',
  404: 'Check the path of the address',
  407: 'Add a user and a password to the address of the proxy',
};

function explain({ status, headers, text }: Answer, { url, isSecret = false }: Delivery): string {
  if (status >= 300 && status < 400)
    return isSecret
      ? `it redirects (status ${status}), which is not followed. Give the final address`
      : explainRedirect(status, headers.location, url);
  const said = isWebPage({ headers, text }) ? 'the answer is a web page' : serverText(messageIn(text));
  const sentence = isSecret || said === '' ? '' : `: ${said}`;
  const remedy = Object.hasOwn(remedies, status) ? `. ${remedies[status]}` : '';
  return `status ${status}${sentence}${remedy}`;
}

function explainRedirect(status: number, location: string | undefined, url: URL): string {
  if (location === undefined || !URL.canParse(location, url.href))
    return `status ${status}, a redirect to nowhere`;
  const { origin, pathname } = new URL(location, url);
  return `it redirects to ${serverText(origin + pathname)} (status ${status}), which is not followed. Give the final address`;
}

/** Some servers answer with a JSON object that has a `message`, others with a JSON text or a plain one. */
function messageIn(text: string): string {
  try {
    const parsed = JSON.parse(text) as { message?: unknown } | string | null;
    if (typeof parsed === 'string') return parsed;
    return typeof parsed?.message === 'string' && parsed.message !== '' ? parsed.message : text;
  } catch {
    return text;
  }
}

function isWebPage({ headers, text }: Pick<Answer, 'headers' | 'text'>): boolean {
  return /html/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(text.slice(0, 200));
}

/** Returns a server's text for a message: short, on one line, without secrets. It may send back the login. */
export function serverText(text: string): string {
  const line = escapeControls(redact(text).trim().replace(/\.$/, ''));
  return line.length > maxSentence ? `${line.slice(0, maxSentence).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

/**
 * Parses `Retry-After`: seconds, or a date. Source: RFC 9110, section 10.2.3.
 * @param now milliseconds since the epoch
 * @returns milliseconds; `undefined` if it is missing or wrong
 */
export function retryAfter(headers: IncomingHttpHeaders, now: number): number | undefined {
  const text = headers['retry-after'] ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
