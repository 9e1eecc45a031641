import { readInputs as inputsFrom } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { readInputs, resolveSettings } from '../src/inputs.ts';

const read = (given: Record<string, string>, team?: Parameters<typeof resolveSettings>[1]) =>
  resolveSettings(readInputs(inputsFrom((name) => given[name] ?? '')), team);

it('uses the defaults of action.yml for empty inputs', () => {
  expect(read({})).toEqual({ when: 'post', interval: 2_000, charts: 'mermaid', strict: false });
});

it('draws no charts in a matrix of more than 20 jobs, unless charts: mermaid is set', () => {
  expect(read({ 'matrix-jobs': '20' }).charts).toBe('mermaid');
  expect(read({ 'matrix-jobs': '21' }).charts).toBe('text');
  expect(read({ 'matrix-jobs': '256', charts: 'mermaid' }).charts).toBe('mermaid');
});

it('uses the configuration for inputs that are not given', () => {
  const team = { interval: 9_000, charts: 'auto' as const };
  expect(read({ 'matrix-jobs': '21' }, team)).toMatchObject({ interval: 9_000, charts: 'text' });
  expect(read({ interval: '1s', charts: 'none' }, team)).toMatchObject({ interval: 1_000, charts: 'none' });
});

it.each(['499ms', '11m', '0s'])('rejects an interval of %s', (interval) => {
  expect(() => read({ interval })).toThrow(`Input 'interval' is '${interval}': expected 500ms to 10m.`);
});
