import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hostedCost,
  hourlyRate,
  machineCost,
  ownCost,
  type OwnMachine,
  savingOf,
  shippedPrices,
  toMicros,
  type Visibility,
} from '../src/index.ts';

const hour = 3_600_000;
const machine: OwnMachine = { rate: hourlyRate({ costPerHour: 0.06 }), currency: 'USD' };

function costOf(milliseconds: number, change: Partial<OwnMachine> = {}, visibility: Visibility = 'private') {
  return ownCost({ ...machine, ...change }, { milliseconds, visibility });
}

describe('the hourly rate of an own machine', () => {
  it('is the price per hour if there is one', () =>
    expect(hourlyRate({ costPerHour: 0.05 })).toEqual({ total: 50_000, running: 50_000, wear: 0 }));

  it('is power and wear: 30 W at 0.30 per kWh, and 1,200 over 4 years', () =>
    expect(hourlyRate({ power: { watts: 30, pricePerKwh: 0.3, purchase: 1200, years: 4 } })).toEqual({
      running: 9000,
      wear: 34_247,
      total: 43_247,
    }));

  it('is power alone for a machine that is there anyway', () =>
    expect(hourlyRate({ power: { watts: 30, pricePerKwh: 0.3 } })).toEqual({
      running: 9000,
      wear: 0,
      total: 9000,
    }));

  it.each([
    [{ costPerHour: -1 }, 'the cost per hour must be a number from 0, not -1'],
    [{ costPerHour: Number.NaN }, 'the cost per hour'],
    [{ power: { watts: -1, pricePerKwh: 0.3 } }, 'watts must be'],
    [{ power: { watts: 30, pricePerKwh: Infinity } }, 'the price per kWh must be'],
    [{ power: { watts: 30, pricePerKwh: 0.3, purchase: 1200 } }, 'purchase and years need each other'],
    [{ power: { watts: 30, pricePerKwh: 0.3, purchase: 1200, years: 0 } }, 'years must be more than 0'],
  ])('is refused for %j', (price, message) => expect(() => hourlyRate(price)).toThrow(message));
});

describe('the cost of a job on an own machine', () => {
  it('is its time, by the millisecond', () =>
    expect(costOf(61_000)).toMatchObject({ busy: 1017, idle: 0, platform: 0, total: 1017 }));

  it('has its part of the time without jobs: at 75 %, three hours for one', () =>
    expect(costOf(hour, { idleShare: 0.75 })).toMatchObject({ busy: 60_000, idle: 180_000, total: 240_000 }));

  it.each([-0.1, 1, 1.5, Number.NaN])('is refused for the idle share %d', (idleShare) =>
    expect(() => costOf(hour, { idleShare })).toThrow('the idle share must be from 0 to below 1'),
  );

  it('has no charge of GitHub, and shows as a scenario what the postponed one would be', () =>
    expect(costOf(61_000)).toMatchObject({
      platform: 0,
      ifCharged: { platform: 4000, total: 5017 },
    }));

  it('has a charge per whole minute if the user sets one', () =>
    expect(costOf(61_000, { platformRate: toMicros(0.003) })).toMatchObject({
      platform: 6000,
      total: 7017,
      ifCharged: { platform: 6000, total: 7017 },
    }));

  it('has no charge in a public repository, not even as a scenario', () =>
    expect(costOf(61_000, { platformRate: toMicros(0.002) }, 'public')).toMatchObject({
      platform: 0,
      ifCharged: { platform: 0, total: 1017 },
    }));

  it('has no total with a charge in dollars and another currency', () => {
    expect(costOf(61_000, { currency: 'EUR' })).toMatchObject({
      total: 1017,
      ifCharged: { platform: 4000, total: undefined },
    });
    expect(costOf(61_000, { currency: 'EUR', platformRate: 2000 })?.total).toBeUndefined();
  });

  it.each([-1, Number.NaN, 36 * 24 * hour])('is unknown if it ran for %d ms', (milliseconds) =>
    expect(costOf(milliseconds)).toBeUndefined(),
  );

  it('is higher the longer it runs, and the longer the machine is idle', () => {
    const share = fc.double({ min: 0, max: 0.99, noNaN: true });
    const time = fc.integer({ min: 0, max: 35 * 24 * hour });
    fc.assert(
      fc.property(time, time, share, share, (short, more, low, high) => {
        const [less, greater] = [Math.min(low, high), Math.max(low, high)];
        const total = (milliseconds: number, idleShare: number) =>
          costOf(Math.min(milliseconds, 35 * 24 * hour), { idleShare })?.total ?? Number.NaN;
        expect(total(short + more, greater)).toBeGreaterThanOrEqual(total(short, less));
      }),
    );
  });
});

describe('the cost of a machine over a time', () => {
  it('is 360.00 for 720 hours at 0.50, of which 180 with jobs: 270.00 is idle', () =>
    expect(machineCost(hourlyRate({ costPerHour: 0.5 }), 720 * hour, 180 * hour)).toEqual({
      total: 360_000_000,
      busy: 90_000_000,
      idle: 270_000_000,
      idleShare: 0.75,
    }));

  it('is all idle without jobs, and has no share that jobs could bear', () =>
    expect(machineCost(machine.rate, hour, 0)).toMatchObject({
      busy: 0,
      idle: 60_000,
      idleShare: undefined,
    }));

  it('takes more busy than registered time as all of it', () =>
    expect(machineCost(machine.rate, hour, 2 * hour)).toMatchObject({ idle: 0, idleShare: 0 }));

  it('is what its jobs cost together with its idle share', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10 * hour }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 300 * hour }),
        (jobs, idle) => {
          const busy = jobs.reduce((sum, one) => sum + one, 0);
          const { total, idleShare } = machineCost(machine.rate, busy + idle, busy);
          const costs = jobs.map((one) => costOf(one, { idleShare })?.total ?? Number.NaN);
          const sum = costs.reduce((one, other) => one + other, 0);
          expect(Math.abs(sum - total)).toBeLessThanOrEqual(jobs.length);
        },
      ),
    ));
});

describe('the saving of an own machine', () => {
  const startedAt = Date.parse('2026-06-01');
  const saving = (change: Partial<OwnMachine>, visibility: Visibility, labels = ['ubuntu-latest']) => {
    const job = { startedAt, milliseconds: 61_000, visibility };
    return savingOf(hostedCost(shippedPrices, { labels }, job), ownCost({ ...machine, ...change }, job));
  };

  it('is what the hosted minutes would have cost, less the own cost', () =>
    expect(saving({}, 'private')).toEqual({ kind: 'known', amount: 12_000 - 1017 }));

  it('is negative where hosted runners are free', () =>
    expect(saving({}, 'public')).toEqual({ kind: 'known', amount: -1017 }));

  it('is negative where the own machine costs more', () =>
    expect(saving({ rate: hourlyRate({ costPerHour: 6 }) }, 'private')).toEqual({
      kind: 'known',
      amount: 12_000 - 101_667,
    }));

  it('is unknown in another currency, since nothing is converted', () =>
    expect(saving({ currency: 'EUR' }, 'private')).toEqual({
      kind: 'unknown',
      why: 'hosted runners are priced in USD and the own machine in EUR, and nothing is converted',
    }));

  it('is unknown if the hosted runner has no price', () =>
    expect(saving({}, 'private', ['big-build'])).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining("'big-build'"),
    }));

  it('is unknown if the duration is', () => {
    const job = { startedAt, milliseconds: 61_000, visibility: 'private' as const };
    const hosted = hostedCost(shippedPrices, { labels: ['ubuntu-latest'] }, job);
    expect(savingOf(hosted, undefined)).toMatchObject({ kind: 'unknown' });
  });
});
