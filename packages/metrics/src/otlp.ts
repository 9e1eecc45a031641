import { type Answer, type Deadline, deliver, serverText } from '@runner-actions/core';
import { below, type Endpoint } from './endpoint.ts';
import type { Exported } from './exported.ts';

/** Statuses after which a client may send again. Source: OTLP 1.x, "Retryable Response Codes". */
const transient = new Set([429, 502, 503, 504]);

/**
 * Sends a request of `metricsRequest` or `tracesRequest` to a server of OTLP over HTTP, with JSON. Adds `/v1/metrics` or
 * `/v1/traces` to the address. Source: OTLP 1.x, "OTLP/HTTP".
 * @param headers from `parseHeaders`. An `authorization` there replaces the login of the address
 */
export async function sendOtlp(
  endpoint: Endpoint,
  message: { signal: 'metrics' | 'traces'; headers: Readonly<Record<string, string>>; body: string },
  deadline: Deadline,
): Promise<Exported> {
  const { signal, headers, body } = message;
  const answer = await deliver(
    {
      server: `OTLP (${signal}) at ${endpoint.url.host}`,
      url: below(endpoint, `/v1/${signal}`),
      method: 'POST',
      headers: { ...endpoint.headers, ...headers, 'content-type': 'application/json' },
      body,
      isTransient: (status) => transient.has(status),
    },
    deadline,
  );
  if (typeof answer === 'string') return { sent: false, warnings: [answer] };
  const rejected = rejectedPart(answer);
  const warnings = rejected === undefined ? [] : [`OTLP (${signal}) at ${endpoint.url.host}: ${rejected}.`];
  return { sent: true, warnings };
}

/** Says what a server did not take of a request that it accepted. An empty answer is a full success. */
function rejectedPart({ text, status }: Answer): string | undefined {
  if (text.trim() === '') return undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return `it answered with status ${status} and a text that is not JSON: ${serverText(text)}`;
  }
  const { partialSuccess: part } = (answer ?? {}) as { partialSuccess?: Record<string, unknown> };
  if (typeof part !== 'object' || part === null) return undefined;
  const count = Number(part['rejectedDataPoints'] ?? part['rejectedSpans'] ?? 0);
  const reason = serverText(String(part['errorMessage'] ?? ''));
  if (!(count > 0)) return reason === '' ? undefined : `it took everything, and says: ${reason}`;
  return `it rejected ${count} of the data${reason === '' ? '' : `: ${reason}`}`;
}
