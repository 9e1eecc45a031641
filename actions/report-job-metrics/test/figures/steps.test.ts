import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../src/figures/steps.ts';
import { stepAt } from '../make-job.ts';
import { sampleAt, seriesOf } from '../make-series.ts';

const series = seriesOf([0, 2, 4, 6, 8].map((at) => sampleAt(at)));
const spansOf = (steps: ReturnType<typeof stepAt>[], { samples } = series) =>
  stepsOf({ steps }, { samples }).map(({ span }) => span);

describe('stepsOf', () => {
  it('counts from the first sample, and a step that runs up to the last one', () => {
    const steps = [stepAt('Set up job', -3, -2), stepAt('a', 0, 3), stepAt('b', 3)];
    expect(spansOf(steps)).toEqual([
      { from: -3, to: -2 },
      { from: 0, to: 3 },
      { from: 3, to: 8 },
    ]);
  });

  it('ignores the times of a skipped step, and knows none of a step that did not start', () => {
    expect(spansOf([stepAt('a', 1, 1, 'skipped'), stepAt('b')])).toEqual([undefined, undefined]);
  });

  it('gives a step that ended before it started no time', () => {
    expect(spansOf([stepAt('a', 5, 3)])).toEqual([{ from: 5, to: 5 }]);
  });

  it('does not move the steps when the clock is set back or forth during the job', () => {
    const clock = (seconds: number, ahead: number) => ({
      ...sampleAt(seconds),
      wall: sampleAt(seconds + ahead).wall,
    });
    const forth = seriesOf([clock(0, 0), clock(2, 0), clock(4, 3600), clock(6, 3600), clock(8, 3600)]);
    expect(spansOf([stepAt('a', 3604, 3606)], forth)).toEqual([{ from: 4, to: 6 }]);
    const back = seriesOf([clock(0, 0), clock(2, 0), clock(4, -3600), clock(6, -3600), clock(8, -3600)]);
    expect(spansOf([stepAt('a', 0, 1)], back)).toEqual([{ from: 0, to: 1 }]);
  });

  it('bounds the number of steps', () => {
    expect(spansOf(Array.from({ length: 5_000 }, () => stepAt('a')))).toHaveLength(1_000);
  });
});
