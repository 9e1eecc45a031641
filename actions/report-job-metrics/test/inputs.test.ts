import { readInputs as inputsFrom } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { readInputs, settle } from '../src/inputs.ts';

const read = (given: Record<string, string>, team?: Parameters<typeof settle>[1]) =>
  settle(readInputs(inputsFrom((name) => given[name] ?? '')), team);

it('has the defaults of action.yml where inputs are empty', () => {
  expect(read({})).toEqual({ when: 'post', interval: 2_000, charts: 'mermaid', strict: false });
});

it('draws no charts in a large matrix unless asked to', () => {
  expect(read({ 'matrix-jobs': '20' }).charts).toBe('mermaid');
  expect(read({ 'matrix-jobs': '21' }).charts).toBe('text');
  expect(read({ 'matrix-jobs': '256', charts: 'mermaid' }).charts).toBe('mermaid');
});

it('takes from the configuration what no input says', () => {
  const team = { interval: 9_000, charts: 'auto' as const };
  expect(read({ 'matrix-jobs': '21' }, team)).toMatchObject({ interval: 9_000, charts: 'text' });
  expect(read({ interval: '1s', charts: 'none' }, team)).toMatchObject({ interval: 1_000, charts: 'none' });
});

it.each(['499ms', '11m', '0s'])('refuses an interval of %s', (interval) => {
  expect(() => read({ interval })).toThrow(`Input 'interval' is '${interval}': expected 500ms to 10m.`);
});
