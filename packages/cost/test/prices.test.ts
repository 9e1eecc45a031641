import { describe, expect, it } from 'vitest';
import { findPrice, type PriceTable, shippedPrices, staleWarning } from '../src/index.ts';
import { isDay } from '../src/day.ts';

const { rows } = shippedPrices;

/** Returns the price of a label or a SKU in dollars a minute, or why it has none. */
function priceOf(wanted: string | readonly string[], day: string | undefined, table = shippedPrices) {
  const found = findPrice(table, typeof wanted === 'string' ? { sku: wanted } : { labels: wanted }, day);
  return found.kind === 'row' ? found.row.price / 1e6 : found.reason;
}

describe('the shipped prices', () => {
  // Read from https://docs.github.com/en/billing/reference/actions-runner-pricing.
  it.each([
    ['actions_linux_slim', 0.002],
    ['actions_linux', 0.006],
    ['actions_linux_arm', 0.005],
    ['actions_windows', 0.01],
    ['actions_windows_arm', 0.01],
    ['actions_macos', 0.062],
    ['linux_96_core', 0.252],
    ['linux_64_core_arm', 0.098],
    ['windows_96_core', 0.552],
    ['windows_2_core_arm', 0.008],
    ['macos_l', 0.077],
    ['macos_xl', 0.102],
    ['linux_4_core_gpu', 0.052],
    ['windows_4_core_gpu', 0.102],
  ])('have %s at %d a minute in 2026', (sku, price) => expect(priceOf(sku, '2026-06-01')).toBe(price));

  it.each([
    ['linux', 0.008, 0.006],
    ['windows', 0.016, 0.01],
    ['macos', 0.08, 0.062],
    ['linux_64_core', 0.256, 0.162],
    ['macos_xl', 0.16, 0.102],
  ])('change %s from %d on 2025-12-31 to %d on 2026-01-01', (sku, before, since) => {
    expect(priceOf(sku, '2025-12-31')).toBe(before);
    expect(priceOf(sku, '2026-01-01')).toBe(since);
  });

  it('have no price of a standard arm64 runner before private repositories had one', () => {
    expect(priceOf(['ubuntu-24.04-arm'], '2026-01-28')).toBe('no-price-at-date');
    expect(priceOf(['ubuntu-24.04-arm'], '2026-01-29')).toBe(0.005);
  });

  it('name no label of two SKUs, have real days, and one price from a day on', () => {
    const skus = new Map<string, Set<string>>();
    for (const { sku, labels } of rows)
      for (const label of labels) skus.set(label, (skus.get(label) ?? new Set()).add(sku));
    expect([...skus].filter(([, one]) => one.size > 1)).toEqual([]);
    expect(
      rows.filter(
        ({ effectiveFrom = '2026-01-01', retrieved }) => !isDay(effectiveFrom) || !isDay(retrieved ?? ''),
      ),
    ).toEqual([]);
    const days = rows.map(({ sku, processor, effectiveFrom }) => `${sku} ${processor} ${effectiveFrom}`);
    expect(new Set(days).size).toBe(days.length);
  });

  it('have a source at GitHub in each row', () =>
    expect(rows.every(({ source }) => source.startsWith('https://docs.github.com/'))).toBe(true));
});

describe('the price of a label', () => {
  const day = '2026-06-01';

  it.each([
    [['ubuntu-latest'], 0.006],
    [['Ubuntu-Latest'], 0.006],
    [['ubuntu-latest', 'ubuntu-24.04'], 0.006],
    [['ubuntu-slim'], 0.002],
    [['windows-11-arm'], 0.01],
    [['macos-15-intel'], 0.062],
    [['macos-latest-large'], 0.077],
    [['macos-26-xlarge'], 0.102],
  ])('%j is %d', (labels, price) => expect(priceOf(labels, day)).toBe(price));

  it.each([
    [[], 'no-labels'],
    [['ubuntu-latest', 'gpu'], 'unknown-label'],
    [['big-build'], 'unknown-label'],
    [['constructor'], 'unknown-label'],
    [['self-hosted', 'linux'], 'self-hosted'],
    [['ubuntu-latest', 'windows-latest'], 'ambiguous-labels'],
  ])('%j is unknown: %s', (labels, reason) => expect(priceOf(labels, day)).toBe(reason));

  it('is unknown without a date if it ever changed', () => {
    expect(priceOf(['ubuntu-latest'], undefined)).toBe('no-price-at-date');
    const once: PriceTable = { ...shippedPrices, rows: rows.slice(0, 1) };
    expect(priceOf(['ubuntu-slim'], undefined, once)).toBe(0.002);
  });

  it('names the unknown label and says what to do', () => {
    const found = findPrice(shippedPrices, { labels: ['ubuntu-latest', 'big-build'] }, day);
    expect(found).toMatchObject({
      why: "the table has no label 'big-build': add it to the file of your prices if a larger runner has this name",
    });
  });

  it('tells the hardware of the label, not only that of the SKU', () =>
    expect(findPrice(shippedPrices, { labels: ['macos-15-intel'] }, day)).toMatchObject({
      row: { processor: 'x64', cpus: 4 },
    }));
});

describe('the warning of old prices', () => {
  const table = { ...shippedPrices, checked: '2026-08-01' };
  const warn = (day: string) => staleWarning(table, Date.parse(`${day}T23:59:59Z`));

  it('comes for a job 91 days after the check, and not after 90', () => {
    expect(warn('2026-10-30')).toBeUndefined();
    expect(warn('2026-10-31')).toMatch(
      /^The prices of hosted runners were last checked on 2026-08-01, 91 days before/,
    );
    expect(warn('2026-10-31')).toContain("'checked: 2026-10-31'");
  });

  it('does not come for earlier jobs, and not without a date', () => {
    expect(warn('2025-01-01')).toBeUndefined();
    expect(staleWarning(table, Number.NaN)).toBeUndefined();
    expect(staleWarning(table, 8.7e15)).toBeUndefined();
  });
});
