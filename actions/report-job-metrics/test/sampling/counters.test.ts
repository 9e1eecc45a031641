import { expect, it } from 'vitest';
import { parseCpu, parseMemory } from '../../src/sampling/counters.ts';

it('parseCpu returns seconds, counts interrupts as system time, and does not count guest time twice', () => {
  const text = 'cpu  100 50 200 1000 30 20 30 40 99 99\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  expect(parseCpu(text)).toEqual({ user: 1.5, system: 2.5, iowait: 0.3, steal: 0.4, idle: 10 });
  expect(parseCpu('')).toBeUndefined();
});

it('parseMemory counts memory that is not available as used', () => {
  const text = 'MemTotal:        1000 kB\nMemFree:          10 kB\nMemAvailable:    600 kB\n';
  expect(parseMemory(text)).toEqual({ usedBytes: 400 * 1024, totalBytes: 1000 * 1024 });
  expect(parseMemory('MemTotal: 5 kB\n')).toBeUndefined();
});
