import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Deadline,
  escapeControls,
  type HttpSend,
  openSend,
  reasonOf,
  redact,
} from '@runner-actions/core';
import { wellFormed } from './label-value.ts';

/** The end of an export. Nothing in it fails a job. */
export interface Exported {
  sent: boolean;
  /** Why nothing was sent, or what the server did not take. One sentence each, safe to show. */
  warnings: readonly string[];
}

/** A response, cut at the start of its body. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Delivery {
  /** How messages call the server: `Pushgateway`. */
  server: string;
  url: URL;
  method: 'PUT' | 'POST';
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Whether a later try may succeed after this status. */
  isTransient: (status: number) => boolean;
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
 * Sends a request, and sends it again twice if the server cannot be reached or says that it is busy. Waits as long as its
 * `Retry-After` says, if the deadline allows it. Follows no redirect: the body and the login are for this server alone.
 * @returns the response with a status of 2xx, or one sentence why there is none
 */
export async function deliver(delivery: Delivery, deadline: Deadline): Promise<Answer | string> {
  const where = `${delivery.server} at ${delivery.url.host}`;
  let send: HttpSend;
  try {
    send = await openSend();
  } catch (error) {
    return `${where}: ${reasonOf(error)}.`;
  }
  for (let attempt = 1; ; attempt += 1) {
    const answer = await sendOnce(send, delivery, deadline);
    const isDown = typeof answer === 'string';
    if (!isDown && answer.status >= 200 && answer.status < 300) return accepted(answer, where);
    const reason = `${where}: ${isDown ? answer : explain(answer, delivery.url)}.`;
    if ((!isDown && !delivery.isTransient(answer.status)) || attempt > retries) return reason;
    const asked = isDown ? undefined : retryAfter(answer.headers, Date.now());
    const wait = asked ?? pause * attempt;
    if (wait >= deadline.remaining()) return asked === undefined ? reason : `${reason} ${tooLong(wait)}`;
    await delay(wait, undefined, { signal: deadline.signal }).catch(() => undefined);
  }
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
    return limit.signal.aborted ? `no complete response within ${timeout / 1000} s` : shown(reasonOf(error));
  }
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
function accepted(answer: Answer, where: string): Answer | string {
  return isWebPage(answer)
    ? `${where}: it answers with a web page. Check the address: a proxy or a login may stand before the server.`
    : answer;
}

const remedies: Readonly<Record<number, string>> = {
  401: 'Check the login',
  403: 'Check the login and its rights',
  404: 'Check the path of the address',
  407: 'Add a user and a password to the address of the proxy',
};

function explain({ status, headers, text }: Answer, url: URL): string {
  if (status >= 300 && status < 400) return explainRedirect(status, headers.location, url);
  const sentence = isWebPage({ headers, text }) ? 'the answer is a web page' : shown(messageIn(text));
  const remedy = Object.hasOwn(remedies, status) ? `. ${remedies[status]}` : '';
  return `status ${status}${sentence === '' ? '' : `: ${sentence}`}${remedy}`;
}

function explainRedirect(status: number, location: string | undefined, url: URL): string {
  if (location === undefined || !URL.canParse(location, url.href))
    return `status ${status}, a redirect to nowhere`;
  const { origin, pathname } = new URL(location, url);
  return `it redirects to ${shown(origin + pathname)} (status ${status}), which is not followed. Give the final address`;
}

/** Servers of OTLP answer with a `google.rpc.Status`. */
function messageIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? message : text;
  } catch {
    return text;
  }
}

function isWebPage({ headers, text }: Pick<Answer, 'headers' | 'text'>): boolean {
  return /html/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(text.slice(0, 200));
}

/** Returns a server's text for a message: short, on one line, without secrets. It may send back the login. */
export function shown(text: string): string {
  const line = escapeControls(redact(text).trim().replace(/\.$/, ''));
  return line.length > maxSentence ? `${wellFormed(line.slice(0, maxSentence))}…` : line;
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
