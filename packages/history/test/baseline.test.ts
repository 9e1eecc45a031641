// Situation 22: too few runs, runs that all take the same time, and what counts as slower.
import { createSeededRandom } from '@runner-actions/testing/hostile';
import { describe, expect, it } from 'vitest';
import { baselineOf, judgeDuration } from '../src/baseline.ts';
import { times } from './past-job.ts';

const seconds = (...values: number[]): number[] => values.map((value) => value * 1_000);
const usually = (value: number) => times(8, value * 1_000);

describe('baselineOf', () => {
  it('has no baseline of seven runs, and one of eight', () => {
    expect(baselineOf(seconds(...times(7, 60)))).toBeUndefined();
    expect(baselineOf(seconds(...times(8, 60)))).toMatchObject({ samples: 8, median: 60_000 });
  });

  it('has no baseline without runs, even if none is required', () => {
    expect(baselineOf([], 0)).toBeUndefined();
  });

  it('takes the middle of an odd number of durations, and the mean of the two in the middle of an even number', () => {
    expect(baselineOf(seconds(9, 1, 2, 3, 90), 5)?.median).toBe(3_000);
    expect(baselineOf(seconds(9, 1, 2, 4), 4)?.median).toBe(3_000);
  });

  it('measures the usual distance by the median, which one outlier does not move', () => {
    const steady = baselineOf(seconds(100, 110, 120, 130, 140), 5);
    expect(steady?.deviation).toBeCloseTo(14_826);
    expect(baselineOf(seconds(100, 110, 120, 130, 900), 5)).toEqual(steady);
  });

  it.each([
    ['a second for a short job', 10, 1_000],
    ['two percent for a long one', 600, 12_000],
  ])('gives runs that all take the same time a deviation: %s', (_case, value, deviation) => {
    expect(baselineOf(usually(value))?.deviation).toBe(deviation);
  });

  it('forgets what is older than the newest 30 runs', () => {
    expect(baselineOf(seconds(...times(40, 600), ...times(30, 60)))).toMatchObject({
      samples: 30,
      median: 60_000,
    });
  });
});

describe('judgeDuration', () => {
  it('is learning below eight runs, however long the run took', () => {
    expect(judgeDuration(999_000, seconds(...times(7, 60)))).toEqual({
      regression: 'learning',
      samples: 7,
      needed: 8,
    });
  });

  it.each([
    ['61 s', 61, 'none'],
    ['90 s, which is just half more', 90, 'none'],
    ['91 s', 91, 'slower'],
    ['30 s', 30, 'none'],
  ])('judges %s after runs that all took 60 s', (_case, duration, regression) => {
    expect(judgeDuration(duration * 1_000, usually(60))).toMatchObject({ regression });
  });

  it('gives the figures for the sentence', () => {
    expect(judgeDuration(120_000, usually(60))).toEqual({
      ...{ regression: 'slower', duration: 120_000, ratio: 2, added: 60_000, deviations: 50 },
      baseline: { samples: 8, median: 60_000, deviation: 1_200 },
    });
  });

  it('does not call a run slower that is within the usual distances of a varying job', () => {
    const varying = seconds(40, 50, 60, 70, 80, 90, 100, 110);
    expect(judgeDuration(120_000, varying)).toMatchObject({ regression: 'none', added: 45_000 });
    expect(judgeDuration(240_000, varying)).toMatchObject({ regression: 'slower' });
  });

  it.each([
    ['a job of 2 s that takes 5 s', 2, 5, 'none'],
    ['a job of 8 s that takes 15 s', 8, 15, 'none'],
    ['a job of 8 s that takes twice as long', 8, 16, 'slower'],
    ['a job of 15 s that takes 24 s', 15, 24, 'none'],
    ['a job of 15 s that takes 10 s more', 15, 25, 'slower'],
  ])('judges %s by a ratio or ten seconds', (_case, usual, duration, regression) => {
    expect(judgeDuration(duration * 1_000, usually(usual))).toMatchObject({ regression });
  });

  it('has no ratio for a job that takes no time, and does not divide by it', () => {
    expect(judgeDuration(1_000, usually(0))).toMatchObject({ regression: 'none', ratio: undefined });
  });
});

describe('false alarms and misses, for random durations of which one in twenty is three times as long', () => {
  const random = createSeededRandom(17);
  const share = (): number => (random.number(1_000_000) + 0.5) / 1_000_000;
  const normal = () => Math.sqrt(-2 * Math.log(share())) * Math.cos(2 * Math.PI * share());
  /** A duration of about 300 s. `variation`: the standard deviation divided by the mean. */
  const draw = (variation: number): number => {
    const sigma = Math.sqrt(Math.log(1 + variation ** 2));
    return Math.round(300 * Math.exp(sigma * normal() - sigma ** 2 / 2)) * 1_000;
  };
  const history = (amount: number, variation: number): number[] =>
    Array.from({ length: amount }, () => draw(variation) * (share() < 0.05 ? 3 : 1));
  const mean = (values: readonly number[]): number =>
    values.reduce((one, other) => one + other) / values.length;
  const isSlower = (duration: number, earlier: number[]) =>
    judgeDuration(duration, earlier).regression === 'slower';
  /** Returns the share of 4,000 trials of which each of two judges says yes. */
  function compare(trial: () => [boolean, boolean]): { rule: number; judged: number } {
    const trials = Array.from({ length: 4_000 }, trial);
    const count = (index: 0 | 1) => trials.filter((one) => one[index]).length / trials.length;
    return { rule: count(0), judged: count(1) };
  }

  it.each([10, 20, 30])(
    'raises at most a third of the false alarms of the rule of half more, after %i runs',
    (runs) => {
      const { rule, judged } = compare(() => {
        const [earlier, duration] = [history(runs, 0.3), draw(0.3)];
        const median = baselineOf(earlier)?.median ?? 0;
        return [duration > 1.5 * median, isSlower(duration, earlier)];
      });
      expect(rule).toBeGreaterThan(0.07);
      expect(rule).toBeLessThan(0.1);
      expect(judged).toBeLessThan(0.03);
      expect(judged).toBeLessThan(rule / 2.5);
    },
  );

  it.each([0.05, 0.1])(
    'misses fewer slow runs than a baseline of means does, at a variation of %f',
    (variation) => {
      const { rule, judged } = compare(() => {
        const [earlier, duration] = [history(10, variation), 1.7 * draw(variation)];
        return [duration <= 1.5 * mean(earlier), !isSlower(duration, earlier)];
      });
      expect(rule).toBeGreaterThan(0.33);
      expect(judged).toBeLessThan(0.2);
    },
  );
});
