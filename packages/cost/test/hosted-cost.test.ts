import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  billedMinutes,
  comparedLabels,
  formatMoney,
  hostedCost,
  hostedTotal,
  shippedPrices,
  type TimedJob,
} from '../src/index.ts';

const second = 1000;
const minute = 60 * second;
const startedAt = Date.parse('2026-06-01T12:00:00Z');
const job: TimedJob = { startedAt, milliseconds: 61 * second, visibility: 'private' };

function costOf(labels: readonly string[], change: Partial<TimedJob> = {}) {
  return hostedCost(shippedPrices, { labels }, { ...job, ...change });
}

describe('the cost of a job on a hosted runner', () => {
  it('counts 61 seconds in a private repository as 2 minutes, which cost $0.012', () => {
    const cost = costOf(['ubuntu-latest']);
    expect(cost).toMatchObject({ kind: 'priced', minutes: 2, cost: 12_000, list: 12_000, basis: 'billed' });
    expect(cost.kind === 'priced' && formatMoney(cost.cost)).toBe('$0.012');
  });

  it('is nothing for a standard runner in a public repository, and shows the list price', () =>
    expect(costOf(['ubuntu-latest'], { visibility: 'public' })).toMatchObject({
      minutes: 2,
      cost: 0,
      list: 12_000,
      basis: 'free',
      runner: { cpus: 2, publicCpus: 4 },
      note: 'Standard runners are free in public repositories.',
    }));

  it('is nothing in a public repository even if the runner had no price yet', () =>
    expect(
      costOf(['ubuntu-24.04-arm'], { visibility: 'public', startedAt: Date.parse('2025-09-01') }),
    ).toMatchObject({ kind: 'priced', cost: 0, list: undefined, basis: 'free' }));

  it.each(['public', 'private', 'internal', 'unknown'] as const)(
    'of a larger runner is billed in a repository whose visibility is %s',
    (visibility) =>
      expect(costOf(['macos-latest-xlarge'], { visibility })).toMatchObject({
        cost: 204_000,
        basis: 'billed',
        note: expect.stringContaining('billed in public'),
      }),
  );

  it('is the list price if it is not known whether the repository is public, and says so', () =>
    expect(costOf(['ubuntu-latest'], { visibility: 'unknown' })).toMatchObject({
      cost: 12_000,
      basis: 'list',
      note: expect.stringContaining('not known whether the repository is public'),
    }));

  it('is billed in an internal repository', () =>
    expect(costOf(['ubuntu-latest'], { visibility: 'internal' })).toMatchObject({ basis: 'billed' }));

  it.each([
    ['2025-12-31T23:59:59Z', 16_000],
    ['2026-01-01T00:00:00Z', 12_000],
  ])('of a job that started at %s is by the price of that day', (start, cost) =>
    expect(costOf(['ubuntu-latest'], { startedAt: Date.parse(start) })).toMatchObject({ cost }),
  );

  it.each([
    [['big-build'], 'unknown-label'],
    [[], 'no-labels'],
    [['self-hosted'], 'self-hosted'],
  ])('is unpriced for the labels %j, and not free: %s', (labels, reason) => {
    expect(costOf(labels)).toMatchObject({ kind: 'unpriced', reason });
    expect(costOf(labels, { visibility: 'public' })).toMatchObject({ kind: 'unpriced', reason });
  });

  it('is unpriced for an unknown SKU', () =>
    expect(hostedCost(shippedPrices, { sku: 'actions_linux_128_core' }, job)).toMatchObject({
      kind: 'unpriced',
      reason: 'unknown-sku',
      why: expect.stringContaining("no SKU 'actions_linux_128_core'"),
    }));

  it('is unpriced without a date', () =>
    expect(costOf(['ubuntu-latest'], { startedAt: Number.NaN })).toMatchObject({
      reason: 'no-price-at-date',
    }));

  it.each([-1, Number.NaN, Infinity, 36 * 24 * 60 * minute])(
    'is unpriced if it ran for %d ms',
    (milliseconds) =>
      expect(costOf(['ubuntu-latest'], { milliseconds })).toMatchObject({
        kind: 'unpriced',
        reason: 'no-duration',
      }),
  );
});

describe('the minutes that GitHub counts', () => {
  it.each([
    [0, 0],
    [1, 1],
    [minute, 1],
    [minute + 1, 2],
    [61 * second, 2],
    [6 * 60 * minute, 360],
  ])('of %d ms are %d', (milliseconds, minutes) => expect(billedMinutes(milliseconds)).toBe(minutes));

  const duration = fc.integer({ min: 0, max: 35 * 24 * 60 * minute });

  it('are whole, never fewer than the time, and never a minute more', () =>
    fc.assert(
      fc.property(duration, (milliseconds) => {
        const minutes = billedMinutes(milliseconds) ?? Number.NaN;
        expect(Number.isInteger(minutes)).toBe(true);
        expect(minutes * minute).toBeGreaterThanOrEqual(milliseconds);
        expect(minutes * minute - milliseconds).toBeLessThan(minute);
      }),
    ));

  it('make a longer job cost at least as much, and two parts of a job at least as much as the whole', () =>
    fc.assert(
      fc.property(duration, duration, fc.constantFrom(...shippedPrices.rows), (one, other, { sku }) => {
        const costs = [one, other, Math.max(one, other), one + other].map((milliseconds) =>
          hostedCost(shippedPrices, { sku }, { ...job, milliseconds }),
        );
        const [first = 0, second = 0, longer = 0, whole = 0] = costs.map((cost) =>
          cost.kind === 'priced' ? cost.cost : 0,
        );
        expect(longer).toBe(Math.max(first, second));
        expect(first + second).toBeGreaterThanOrEqual(whole);
      }),
    ));
});

describe('the total of several jobs', () => {
  it('counts what is unpriced beside the sum, and says why once', () => {
    const costs = [['ubuntu-latest'], ['macos-latest-large'], ['big'], ['big'], ['huge']];
    expect(hostedTotal(costs.map((labels) => costOf(labels)))).toEqual({
      cost: 12_000 + 154_000,
      standard: 12_000,
      minutes: 4,
      jobs: 5,
      unpriced: 3,
      reasons: [expect.stringContaining("'big'"), expect.stringContaining("'huge'")],
    });
  });

  it('keeps at most ten reasons', () => {
    const costs = Array.from({ length: 20 }, (_, index) => costOf([`big-${index}`]));
    expect(hostedTotal(costs).reasons).toHaveLength(10);
  });
});

describe('the hosted runner that an own machine is compared with', () => {
  it.each([
    [undefined, ['ubuntu-latest']],
    ['fail', ['ubuntu-latest']],
    ['skip', ['ubuntu-latest']],
    ['macos-latest', ['macos-latest']],
    [
      ['big-build', 'x64'],
      ['big-build', 'x64'],
    ],
    [{ group: 'big', labels: 'big-build' }, ['big-build']],
    [{ group: 'big' }, []],
  ])('has, for the fallback %j, the labels %j', (fallback, labels) =>
    expect(comparedLabels(fallback)).toEqual(labels),
  );
});
