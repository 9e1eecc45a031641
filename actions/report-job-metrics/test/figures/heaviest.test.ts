import { expect, it } from 'vitest';
import { heaviestProcesses } from '../../src/figures/heaviest.ts';
import type { JobUse, NamedUse, Sample } from '../../src/sampling/sample.ts';
import { sampleAt } from '../make-series.ts';

const use = (name: string, cpuSeconds: number, memoryBytes: number): NamedUse => ({
  ...{ name, cpuSeconds, memoryBytes },
});
const sampleOf = (heaviest: NamedUse[]): Sample => {
  const job: JobUse = { source: 'processes', cpuSeconds: 1, memoryBytes: 1, processes: 1, heaviest };
  return sampleAt(0, { job });
};

it('sums CPU time by name, and takes the most memory', () => {
  const samples = [
    sampleOf([use('cc1plus', 3, 100), use('node', 1, 900)]),
    sampleAt(2),
    sampleOf([use('cc1plus', 2, 300)]),
  ];
  expect(heaviestProcesses(samples)).toEqual([
    { name: 'cc1plus', cpuSeconds: 5, memoryPeakBytes: 300 },
    { name: 'node', cpuSeconds: 1, memoryPeakBytes: 900 },
  ]);
});

it('returns five names: also one that only has much memory', () => {
  const busy = Array.from({ length: 9 }, (_, index) => use(`busy${index}`, 10 - index, 1));
  const names = heaviestProcesses([sampleOf([...busy, use('large', 0, 1000)])]).map(({ name }) => name);
  expect(names).toEqual(['large', 'busy0', 'busy1', 'busy2', 'busy3']);
});

it('keeps the heaviest of any number of names', () => {
  const many = Array.from({ length: 100 }, (_, at) =>
    sampleOf(Array.from({ length: 60 }, (_unused, index) => use(`p${at}-${index}`, 0.001, 1))),
  );
  const [first] = heaviestProcesses([sampleOf([use('main', 9, 9)]), ...many, sampleOf([use('main', 9, 9)])]);
  expect(first).toMatchObject({ name: 'main', cpuSeconds: 18 });
});

it('skips only wrong items of a file that the job can write, cuts names and escapes control characters', () => {
  const odd = [
    null,
    7,
    { name: 1, cpuSeconds: 1 },
    use('a', Number.NaN, 1),
    use('b', -1, 1),
    use('\u202ec\n', 1, 1),
  ];
  const job = { heaviest: odd } as unknown as JobUse;
  expect(heaviestProcesses([sampleAt(0, { job })]).map(({ name }) => name)).toEqual(['\\u202ec\\n']);
  const no = [{ heaviest: 'x' }, { heaviest: undefined }, null] as unknown as JobUse[];
  expect(heaviestProcesses(no.map((wrong) => sampleAt(0, { job: wrong })))).toEqual([]);
  const [long] = heaviestProcesses([sampleOf([use('😀'.repeat(900), 1, 1)])]);
  expect(long?.name.length).toBeLessThanOrEqual(101);
});
