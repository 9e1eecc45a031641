import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  breakEven,
  type BreakEvenQuestion,
  hostedCost,
  hostedTotal,
  hourlyRate,
  shippedPrices,
  toMicros,
} from '../src/index.ts';

const nothing = { standard: 0, minutes: 0, jobs: 0, unpriced: 0, reasons: [] };
const hosted = (dollars: number, unpriced = 0) => ({ ...nothing, cost: toMicros(dollars), unpriced });
const year = {
  currency: 'USD',
  purchase: toMicros(599),
  running: toMicros(36),
  hosted: hosted(288),
  days: 365,
};
const ask = (change: Partial<BreakEvenQuestion>) => breakEven({ ...year, ...change });

describe('the day on which a machine has paid for itself', () => {
  // The example of docs/cost.md.
  it('is day 868 for a Mac M3 of $599 that runs for $3 a month against hosted minutes for $24', () => {
    expect(ask({})).toEqual({ kind: 'day', day: 868, isLatest: false, isInUse: undefined });
    const month = hourlyRate({ power: { watts: 12, pricePerKwh: 0.34 } }).running * 730;
    expect(Math.round(month / 1e4) / 100).toBe(2.98);
    const job = {
      startedAt: Date.parse('2026-06-01'),
      milliseconds: 4000 * 60_000,
      visibility: 'private',
    } as const;
    const minutes = hostedTotal([hostedCost(shippedPrices, { labels: ['ubuntu-latest'] }, job)]);
    expect(minutes.cost).toBe(toMicros(24));
  });

  it('is at once for a machine that is there anyway', () =>
    expect(ask({ purchase: 0 })).toMatchObject({ kind: 'day', day: 0 }));

  it('is told against the years of use', () => {
    expect(ask({ years: 4 })).toMatchObject({ day: 868, isInUse: true });
    expect(ask({ years: 2 })).toMatchObject({ day: 868, isInUse: false });
  });

  it.each([36, 35.99, 0])('never comes if the hosted minutes cost $%d and running it $36', (dollars) =>
    expect(ask({ hosted: hosted(dollars) })).toMatchObject({ kind: 'never' }),
  );

  it('is the latest, or unknown, if jobs have no price', () => {
    expect(ask({ hosted: hosted(288, 2) })).toMatchObject({ kind: 'day', isLatest: true });
    expect(ask({ hosted: hosted(0, 2) })).toEqual({ kind: 'unknown', why: '2 of the jobs have no price' });
  });

  it('is unknown in another currency', () =>
    expect(ask({ currency: 'EUR' })).toMatchObject({ kind: 'unknown', why: expect.stringContaining('EUR') }));

  it.each([{ days: 0 }, { days: 1.5 }, { days: Number.NaN }, { purchase: -1 }, { running: -1 }])(
    'is refused for %j',
    (change) => expect(() => ask(change)).toThrow(RangeError),
  );

  it('is the first one on which the saving covers the purchase', () =>
    fc.assert(
      fc.property(
        fc.nat({ max: 1e13 }),
        fc.integer({ min: 1, max: 1e12 }),
        fc.integer({ min: 1, max: 3650 }),
        (purchase, saved, days) => {
          const answer = ask({ purchase, running: 0, hosted: { ...nothing, cost: saved }, days });
          const covered = (day: number) => BigInt(day) * BigInt(saved) >= BigInt(purchase) * BigInt(days);
          const day = answer.kind === 'day' ? answer.day : Infinity;
          expect(day === Infinity ? !covered(36_500) : covered(day)).toBe(true);
          expect(day === 0 || day === Infinity || !covered(day - 1)).toBe(true);
        },
      ),
    ));
});
