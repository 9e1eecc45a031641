import { type Deadline, type Job, messageOf, registerSecret } from '@runner-actions/core';
import type { Observation } from './observation.ts';
import type { ObservedPool } from './pool.ts';
import { readSamples } from './prometheus-text.ts';
import { readScaleSet } from './scale-set-metrics.ts';

/** Bytes. No listener exports that much; a larger response is something else. */
const maxBytes = 4 * 1024 * 1024;
/** Milliseconds. */
const timeout = 5_000;

/** Reads the metrics of a scale set's listener. On any failure the result is `unknown`. */
export async function readMetrics(
  pool: ObservedPool,
  { job, deadline }: { job: Job; deadline: Deadline },
): Promise<Observation> {
  const { url, tokenVariable } = pool.metrics ?? { url: '', tokenVariable: undefined };
  const token = tokenVariable === undefined ? undefined : job.environment[tokenVariable];
  if (tokenVariable !== undefined && !token) return unknown(`the variable ${tokenVariable} is empty`);
  if (token) registerSecret(token);
  // The error of `fetch` would quote an invalid token.
  if (token && !/^[\x21-\x7e]+$/.test(token))
    return unknown(`the variable ${tokenVariable} does not contain a valid bearer token`);
  try {
    const text = await scrape(url, token, deadline.limit(timeout).signal);
    const names = pool.labels.length === 1 ? pool.labels : [pool.name, ...pool.labels];
    const question = { names, repository: job.repository, maxRunners: pool.maxRunners, now: Date.now() };
    return readScaleSet(readSamples(text), question);
  } catch (error) {
    return unknown(`${new URL(url).host}: ${withCause(error)}`);
  }
}

async function scrape(url: string, token: string | undefined, signal: AbortSignal): Promise<string> {
  // The token is only for this host, so a request with a token follows no redirect.
  const redirect = token ? 'error' : 'follow';
  const headers = { accept: 'text/plain', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(url, { headers, signal, redirect });
  if (answer.status !== 200) throw new Error(`status ${answer.status}`);
  if (/html/i.test(answer.headers.get('content-type') ?? '')) throw new Error('a page of HTML, not metrics');
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('the response is larger than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Returns the message of an error with its cause: `fetch failed` alone does not say why. */
function withCause(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(cause)})`;
}

function unknown(detail: string): Observation {
  return {
    kind: 'unknown',
    source: 'scale-set-metrics',
    reason: 'unknown',
    failed: true,
    detail: `metrics of ${detail}`,
  };
}
