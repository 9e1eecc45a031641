import { microsPerUnit, shippedPrices } from '@runner-actions/cost';
import { describe, expect, it } from 'vitest';
import {
  costOfJob,
  costOutputs,
  costNotes,
  costSentences,
  type CostSettings,
  type TimedJob,
} from '../../src/cost/job-cost.ts';

const day = (text: string): number => Date.parse(`${text}T12:00:00Z`);
const prices = { ...shippedPrices, checked: '2026-11-01' };
const settings: CostSettings = {
  ...{ costPerHour: 0.06, currency: 'USD', prices, pools: undefined, fallback: undefined },
};
const job: TimedJob = {
  ...{ startedAt: day('2026-11-20'), milliseconds: 61_000, isHosted: false },
  ...{ labels: ['self-hosted', 'linux', 'proxmox'], group: 'Default' },
  ...{ system: 'Linux', processor: 'X64', visibility: 'private' as const },
};
const outputs = (change: Partial<TimedJob>, with_: Partial<CostSettings> = {}) =>
  costOutputs(costOfJob({ ...job, ...change }, { ...settings, ...with_ }));
const told = (change: Partial<TimedJob>, with_: Partial<CostSettings> = {}): string => {
  const cost = costOfJob({ ...job, ...change }, { ...settings, ...with_ });
  return [...costSentences(cost), ...costNotes(cost)].join('\n');
};

describe('costOfJob', () => {
  it('situation 17: counts 61 s as two minutes there, and as 61 s here', () => {
    expect(outputs({})).toEqual({
      ...{ cost: '0.001017', 'hosted-cost': '0.012000', saving: '0.010983', currency: 'USD' },
    });
  });

  it('situation 17: is free in a public repository, where the own machine saves nothing', () => {
    expect(outputs({ visibility: 'public' })).toMatchObject({
      'hosted-cost': '0.000000',
      saving: '-0.001017',
    });
    expect(told({ visibility: 'public' })).toMatch(
      /The list price is \$0\.012\.\nSaving: none; .* cost \$0\.001017 more/,
    );
  });

  it.each([
    ['2025-12-31', '0.016000'],
    ['2026-01-01', '0.012000'],
  ])('situation 18: takes the price of the day %s', (date, cost) => {
    const older = { prices: { ...prices, checked: date } };
    expect(outputs({ startedAt: day(date) }, older)['hosted-cost']).toBe(cost);
  });

  it('situation 18: has no price for an unknown label', () => {
    expect(outputs({}, { fallback: 'big-runner' })).toEqual({ cost: '0.001017', currency: 'USD' });
    expect(told({}, { fallback: 'big-runner' })).toContain('on `big-runner` unknown, since');
  });

  it('refuses a table that was checked more than 90 days ago, with a warning', () => {
    const old = { prices: { ...prices, checked: '2026-08-01' } };
    expect(outputs({}, old)).toEqual({ cost: '0.001017', currency: 'USD' });
    expect(told({}, old)).toMatch(/the table of prices is too old.*were last checked on 2026-08-01/s);
  });

  it('on a hosted runner, tells what the job costs there, and no saving', () => {
    const hosted = { isHosted: true, labels: ['ubuntu-latest'] };
    expect(outputs(hosted)).toEqual({ cost: '0.012000', 'hosted-cost': '0.012000', currency: 'USD' });
    expect(told(hosted)).toMatch(/^Cost: \$0\.012 on `ubuntu-latest` \(2 min\)\./);
  });

  it('tells no saving in another currency', () => {
    expect(outputs({}, { currency: 'EUR' })).toEqual({
      ...{ cost: '0.001017', 'hosted-cost': '0.012000', currency: 'EUR' },
    });
    expect(told({}, { currency: 'EUR' })).toContain('0.001017 EUR on this machine, at 0.06 EUR an hour');
    expect(told({}, { currency: 'EUR' })).toContain(
      'Saving: unknown, since hosted runners are priced in USD',
    );
  });

  it('shows the charge that GitHub postponed as a scenario', () => {
    expect(told({})).toContain('($0.004 more if GitHub took its postponed charge)');
    expect(told({ visibility: 'public' })).not.toContain('postponed');
  });

  it.each([
    ['macOS', 'ARM64', 'macos-latest'],
    ['Windows', 'X64', 'windows-latest'],
    ['Linux', 'ARM64', 'ubuntu-24.04-arm'],
    ['Linux', 'X64', 'ubuntu-latest'],
  ])('compares %s on %s with %s', (system, processor, label) => {
    expect(costOfJob({ ...job, system, processor }, settings).hostedLabels).toEqual([label]);
  });
});

describe('costOfJob: the price of the machine', () => {
  const pool = (runsOn: string[] | { group: string }, price: object, kind = 'runners') => ({
    'runs-on': runsOn,
    kind,
    ...price,
  });
  const pools = {
    small: pool(['self-hosted', 'linux'], { 'cost-per-hour': 1 }),
    big: pool(['self-hosted', 'linux', 'Proxmox'], { 'cost-per-hour': 2 }),
    grouped: pool({ group: 'gpus' }, { 'cost-per-hour': 4 }),
    hosted: pool(['ubuntu-latest'], {}, 'hosted'),
  } as unknown as NonNullable<CostSettings['pools']>;
  const rate = (change: Partial<TimedJob>, all = pools) =>
    costOfJob({ ...job, ...change }, { ...settings, costPerHour: undefined, pools: all }).rate?.total;
  const units = (micros: number | undefined) => (micros === undefined ? undefined : micros / microsPerUnit);

  it('is that of the pool with most of the requested labels', () => {
    expect(units(rate({}))).toBe(2);
    expect(units(rate({ labels: ['self-hosted', 'linux'] }))).toBe(1);
    expect(units(rate({ labels: ['x'], group: 'GPUs' }))).toBe(4);
    expect(rate({ labels: ['other'] })).toBeUndefined();
  });

  it('is not guessed among several pools where GitHub cannot be asked', () => {
    expect(rate({ labels: undefined })).toBeUndefined();
    expect(units(rate({ labels: undefined }, { small: pools['small']! }))).toBe(1);
  });

  it('is computed from power and wear', () => {
    const power = { watts: 30, 'price-per-kwh': 0.3, purchase: 1200, years: 4 };
    const all = { a: pool(['proxmox'], { power }) } as unknown as typeof pools;
    expect(units(rate({}, all))).toBeCloseTo(0.009 + 1200 / (4 * 8760), 5);
  });

  it('tells nothing to those who gave no price, if no machine has a known one', () => {
    const nothing = { costPerHour: undefined, prices: shippedPrices, fallback: 'big-runner' };
    expect(told({ startedAt: day(shippedPrices.checked) }, nothing)).toBe('');
    expect(told({ startedAt: day('2027-12-01') }, nothing)).toBe('');
    const file = { ...nothing, prices };
    expect(told({}, file)).toMatch(/^Cost: unknown, since .*big-runner/);
    const old = { costPerHour: undefined, prices: { ...prices, checked: '2026-08-01' } };
    expect(told({}, old)).toMatch(/^The prices of hosted runners were last checked on 2026-08-01/);
  });

  it('is unknown if nothing says it', () => {
    expect(told({}, { costPerHour: undefined })).toMatch(
      /^Cost: this machine has no price; the job would cost \$0\.012 on `ubuntu-latest` \(2 min\)/,
    );
    expect(outputs({}, { costPerHour: undefined })).toEqual({ 'hosted-cost': '0.012000', currency: 'USD' });
  });
});
