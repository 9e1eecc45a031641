import { startDeadline } from '@runner-actions/core';
import { serve } from '@runner-actions/testing/servers';
import { describe, expect, it } from 'vitest';
import { metricsRequest, metricsResource, parseEndpoint, sendOtlp, tracesRequest } from '../src/index.ts';
import { cleanText } from '../src/label-value.ts';
import { example, hostileName, jobTrace } from './examples.ts';
import { otlpParser, parseOtlp } from './parse-otlp.ts';

const { isSkipped, reason } = otlpParser;
const context = { resource: metricsResource(jobTrace.run), start: jobTrace.start, end: jobTrace.end };

describe(`OpenTelemetry's own description of OTLP${reason}`, () => {
  it.skipIf(isSkipped)('accepts metrics, and finds every value', async () => {
    const body = metricsRequest(example(), context);
    expect(await parseOtlp('metrics', body)).toEqual(JSON.parse(body, withNamesOfEnums));
  });

  it.skipIf(isSkipped)('accepts traces, and finds every value', async () => {
    const body = tracesRequest(jobTrace);
    expect(await parseOtlp('traces', body)).toEqual(JSON.parse(body, withNamesOfEnums));
    expect(body).toContain(JSON.stringify(cleanText(hostileName)));
  });

  it.skipIf(isSkipped).each([
    ['a misspelt field', (body: string) => body.replace('"asDouble"', '"asDuoble"'), 'asDuoble'],
    [
      'a number of 64 bits with a fraction',
      (body: string) => body.replace(/("timeUnixNano":)"\d+"/, '$1"1.5"'),
      'timeUnixNano',
    ],
    [
      'an enum as a name',
      (body: string) => body.replace('"aggregationTemporality":2', '"aggregationTemporality":"CUMULATIVE"'),
      'not a number',
    ],
  ])('refuses %s, so that the tests above prove something', async (_case, damage, message) => {
    const body = metricsRequest(example(), context);
    expect(damage(body)).not.toBe(body);
    await expect(parseOtlp('metrics', damage(body))).rejects.toThrow(message);
  });

  it.skipIf(isSkipped)('accepts what is sent over HTTP', async () => {
    const { address, seen } = await serve(({ url, body }, response) => {
      void parseOtlp(url?.endsWith('/traces') ? 'traces' : 'metrics', body).then(
        () => response.end('{}'),
        (error: Error) => response.writeHead(400).end(error.message),
      );
    });
    const endpoint = parseEndpoint('otlp-endpoint', address);
    const send = (signal: 'metrics' | 'traces', body: string) =>
      sendOtlp(endpoint, { signal, headers: {}, body }, startDeadline(30_000));
    expect(await send('metrics', metricsRequest(example(), context))).toEqual({ sent: true, warnings: [] });
    expect(await send('traces', tracesRequest(jobTrace))).toEqual({ sent: true, warnings: [] });
    expect(await send('traces', '{"resourceSpan":[]}')).toMatchObject({ sent: false });
    expect(seen.map(({ url }) => url)).toEqual(['/v1/metrics', '/v1/traces', '/v1/traces']);
  });
});

const enums: Record<string, Record<number, string>> = {
  aggregationTemporality: { 2: 'AGGREGATION_TEMPORALITY_CUMULATIVE' },
  kind: { 1: 'SPAN_KIND_INTERNAL' },
  code: { 2: 'STATUS_CODE_ERROR' },
};

/** The parser prints the names of enums. */
function withNamesOfEnums(key: string, value: unknown): unknown {
  return (typeof value === 'number' && enums[key]?.[value]) || value;
}
