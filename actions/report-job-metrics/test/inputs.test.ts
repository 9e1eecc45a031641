import { readInputs as inputsFrom } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { readDestinations, readInputs, resolveSettings } from '../src/inputs.ts';

const read = (given: Record<string, string>, team: Parameters<typeof resolveSettings>[1] = {}) =>
  resolveSettings(readInputs(inputsFrom((name) => given[name] ?? '')), team);

it('uses the defaults of action.yml for empty inputs', () => {
  expect(read({})).toEqual({
    ...{ when: 'post', interval: 2_000, charts: 'mermaid', strict: false, matrixJobs: 1 },
    ...{ costPerHour: undefined, currency: 'USD', prices: undefined, baseline: true },
    ...{ pushgateway: undefined, textfileDirectory: undefined, otlpTraces: false },
    ...{ pools: undefined, fallback: undefined },
  });
});

it('draws no charts in a matrix of more than 20 jobs, unless charts: mermaid is set', () => {
  expect(read({ 'matrix-jobs': '20' }).charts).toBe('mermaid');
  expect(read({ 'matrix-jobs': '21' }).charts).toBe('text');
  expect(read({ 'matrix-jobs': '256', charts: 'mermaid' }).charts).toBe('mermaid');
});

it('uses the configuration for inputs that are not given', () => {
  const team = { metrics: { interval: 9_000, charts: 'auto' as const, currency: 'EUR' } };
  expect(read({ 'matrix-jobs': '21' }, team)).toMatchObject({
    interval: 9_000,
    charts: 'text',
    currency: 'EUR',
  });
  expect(read({ interval: '1s', charts: 'none' }, team)).toMatchObject({ interval: 1_000, charts: 'none' });
});

it.each(['499ms', '11m', '0s'])('rejects an interval of %s', (interval) => {
  expect(() => read({ interval })).toThrow(`Input 'interval' is '${interval}': expected 500ms to 10m.`);
});

it.each([
  ['cost-per-hour', '-1', 'a number from 0 to 100000, such as 0.05'],
  ['cost-per-hour', '5 EUR', 'a number from 0 to 100000, such as 0.05'],
  ['cost-per-hour', '1e3', 'a number from 0 to 100000, such as 0.05'],
  ['currency', 'eur', 'three capital letters, such as EUR'],
  ['baseline', 'maybe', 'one of on, off'],
])('rejects %s: %s', (name, value, expected) => {
  expect(() => read({ [name]: value })).toThrow(`Input '${name}' is '${value}': expected ${expected}.`);
});

describe('readDestinations', () => {
  const destinations = (given: Record<string, string>, team?: string) =>
    readDestinations(
      inputsFrom((name) => given[name] ?? ''),
      team,
    );

  it('takes the Pushgateway of the configuration, which the input overrides', async () => {
    const team = await destinations({}, 'http://team:9091');
    expect(team.pushgateway?.url.host).toBe('team:9091');
    const input = await destinations({ pushgateway: 'http://own:9091' }, 'http://team:9091');
    expect(input.pushgateway?.url.host).toBe('own:9091');
    expect(await destinations({})).toEqual({ pushgateway: undefined, otlp: undefined });
  });

  it('reads the headers of OTLP', async () => {
    const { otlp } = await destinations({
      ...{ 'otlp-endpoint': 'https://otel.example.com', 'otlp-headers': 'X-Team=a' },
    });
    expect(otlp?.headers).toEqual({ 'x-team': 'a' });
  });

  it('rejects an address without quoting it', async () => {
    await expect(destinations({ pushgateway: 'user:secret@host' })).rejects.toThrow(
      /^(?!.*secret).*pushgateway/,
    );
  });
});
