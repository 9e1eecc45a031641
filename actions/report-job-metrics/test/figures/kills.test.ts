import { expect, it } from 'vitest';
import { killsOf } from '../../src/figures/kills.ts';
import { killSentences } from '../../src/report/kill-sentences.ts';
import type { JobUse, Kill } from '../../src/sampling/sample.ts';
import { sampleAt } from '../make-series.ts';

const gib = 2 ** 30;
const job = {
  source: 'processes',
  cpuSeconds: 1,
  memoryBytes: 3 * gib,
  processes: 1,
  heaviest: [],
} as JobUse;
const before = sampleAt(0, { oomKills: 7, job, memory: { usedBytes: 4 * gib, totalBytes: 8 * gib } });
const told = (...samples: Parameters<typeof killsOf>[0]) => killSentences(killsOf(samples));

it('tells kills as this job’s and as others’, with name and memory', () => {
  const kills: Kill[] = [
    { name: 'java', ofJob: false },
    { name: 'cc1plus', ofJob: true, memoryBytes: gib },
    { name: 'cc1plus', ofJob: true, memoryBytes: 2 * gib },
  ];
  expect(told(before, sampleAt(2, { oomKills: 10, kills }))).toEqual([
    "The kernel killed 'cc1plus' (2.0 GiB) 2 times because memory ran out. It was a process of this job.",
    "The kernel killed 'java' because memory ran out. It was not a process of this job.",
  ]);
});

it('tells kills that the kernel did not name as unknown, with the job’s share of memory', () => {
  expect(told(before, sampleAt(2, { oomKills: 9 }))).toEqual([
    "The kernel killed 2 process(es) because memory ran out. Whether they were this job's is unknown. Just before, this job had 75 % of the memory in use.",
  ]);
  const some = sampleAt(2, { oomKills: 9, kills: [{ name: 'java', ofJob: false }] });
  expect(told(before, some)[1]).toMatch(/^The kernel killed 1 more process/);
});

it('counts kills of the cgroup that nobody named, once', () => {
  const named = sampleAt(2, { oomKills: 8, kills: [{ name: 'a', ofJob: true }] });
  expect(killsOf([before, named], 1)).toEqual({ listed: named.kills, more: 0, ofJob: 0, unknown: 0 });
  expect(killsOf([sampleAt(0)], 2)).toEqual({ listed: [], more: 0, ofJob: 0, unknown: 2 });
  expect(killsOf([before, sampleAt(2, { oomKills: 7 })])).toBeUndefined();
});

it('situation 7: tells kills in the cgroup of this job as its own, also if nobody named them', () => {
  const own = { ...job, source: 'cgroup' as const };
  const samples = [sampleAt(0, { oomKills: 7, job: own }), sampleAt(2, { oomKills: 10, job: own })];
  expect(killSentences(killsOf(samples, 2))).toEqual([
    'The kernel killed 2 process(es) of this job because memory ran out.',
    "The kernel killed 1 more process(es) because memory ran out. Whether they were this job's is unknown.",
  ]);
});

it('bounds the list, and skips wrong items', () => {
  const many = Array.from({ length: 60 }, () => ({ name: 'x'.repeat(500), ofJob: true }));
  const odd = [null, { name: 5 }, { name: 'a', ofJob: 'yes' }] as unknown as Kill[];
  const kills = killsOf([sampleAt(0, { kills: [...odd, ...many] })]);
  expect(kills?.listed).toHaveLength(20);
  expect(kills?.more).toBe(40);
  expect(killSentences(kills).join('').length).toBeLessThan(400);
});
