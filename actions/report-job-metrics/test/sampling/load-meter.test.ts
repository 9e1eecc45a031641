import { expect, it } from 'vitest';
import { loadMeter } from '../../src/sampling/sampler-loop.ts';

/** Returns the pause after samples of so many milliseconds of CPU time. */
function pauseAfter(...costs: number[]): number {
  let used = 0;
  const meter = loadMeter(() => ({ user: used * 1000, system: 0 }));
  for (const cost of costs) {
    meter.begin();
    used += cost;
    meter.end();
  }
  return meter.pause();
}

it('pauses so long that samples take at most a hundredth of a CPU', () => {
  expect(pauseAfter(140, 140, 150)).toBe(14_000);
  expect(pauseAfter(2, 3, 2)).toBe(0);
});

it('does not count the first samples, which cost more, nor a single dear one', () => {
  expect(pauseAfter(80)).toBe(0);
  expect(pauseAfter(80, 40, 13)).toBe(1_300);
  expect(pauseAfter(3, 3, 500)).toBe(0);
});
