import { describe, expect, it } from 'vitest';
import { describeProblem } from '@runner-actions/config';
import { findPrice, hostedCost, type PriceTable, shippedPrices } from '@runner-actions/cost';
import { readPriceFile } from '@runner-actions/cost/price-file';

function read(text: string): PriceTable {
  const result = readPriceFile(text, 'prices.yml');
  if (result.kind === 'read') return result.table;
  throw new Error(problemsOf(text).join('\n'));
}

function problemsOf(text: string): string[] {
  const result = readPriceFile(text, 'prices.yml');
  return result.kind === 'read'
    ? []
    : result.problems.map((one) => `${one.file}:${one.line}:${one.column}: ${describeProblem(one)}`);
}

function priceOf(table: PriceTable, wanted: string | string[], day = '2026-06-01') {
  const found = findPrice(table, typeof wanted === 'string' ? { sku: wanted } : { labels: wanted }, day);
  return found.kind === 'row' ? found.row.price / 1e6 : found.reason;
}

describe('a file with prices', () => {
  it('gives a larger runner its label, at the shipped prices', () => {
    const table = read('runners:\n  - { sku: linux_16_core, labels: Big-Build }\n');
    expect(priceOf(table, ['big-build'])).toBe(0.042);
    expect(priceOf(table, ['big-build'], '2025-12-31')).toBe(0.064);
    expect(priceOf(table, ['BIG-BUILD', 'ubuntu-24.04'])).toBe(0.042);
  });

  it('overrides a price from a day on, also of the labels that are known', () => {
    const table = read('runners:\n  - { sku: actions_linux, price: 0.0050, effective-from: 2026-03-01 }\n');
    expect(priceOf(table, ['ubuntu-latest'], '2026-02-28')).toBe(0.006);
    expect(priceOf(table, ['ubuntu-latest'], '2026-03-01')).toBe(0.005);
    expect(priceOf(table, 'linux', '2026-03-01')).toBe(0.005);
    expect(findPrice(table, { sku: 'linux' }, '2026-03-01')).toMatchObject({ row: { source: 'prices.yml' } });
  });

  it('overrides a price of all days without a day, and keeps the hardware of the label', () => {
    const table = read('runners: [{ sku: macos, price: 0.05 }]\n');
    expect(priceOf(table, ['macos-latest'], '2025-06-01')).toBe(0.05);
    expect(findPrice(table, { labels: ['macos-15-intel'] }, '2026-06-01')).toMatchObject({
      row: { price: 50_000, processor: 'x64', cpus: 4 },
    });
  });

  it('adds a SKU, with a second price in a later entry', () => {
    const table = read(
      [
        'version: 1',
        'runners:',
        '  - sku: vendor_8',
        '    labels: [vendor-8, vendor-8-new]',
        '    system: linux',
        '    processor: arm64',
        '    cpus: 8',
        '    price: 0.004',
        '  - { sku: vendor_8, price: 0.003, effective-from: 2026-05-01 }',
      ].join('\n'),
    );
    expect(priceOf(table, ['vendor-8-new'], '2026-04-30')).toBe(0.004);
    expect(priceOf(table, ['vendor-8'], '2026-05-01')).toBe(0.003);
    expect(findPrice(table, { sku: 'vendor_8' }, '2026-06-01')).toMatchObject({
      row: { system: 'linux', processor: 'arm64', cpus: 8, kind: 'larger' },
    });
  });

  it('gives a known label another price', () =>
    expect(priceOf(read('runners: [{ sku: linux_4_core, labels: ubuntu-latest }]'), ['ubuntu-latest'])).toBe(
      0.012,
    ));

  it('does not change the shipped table', () => {
    read('runners: [{ sku: linux, price: 1, labels: mine }]');
    expect(priceOf(shippedPrices, ['ubuntu-latest'])).toBe(0.006);
    expect(priceOf(shippedPrices, ['mine'])).toBe('unknown-label');
  });

  it('says that prices were checked later, never that they were checked earlier', () => {
    expect(read('checked: 2026-11-20\n').checked).toBe('2026-11-20');
    expect(read('checked: 2020-01-01\n').checked).toBe(shippedPrices.checked);
    expect(read('runners: []\n').checked).toBe(shippedPrices.checked);
  });

  it('can have labels with names that objects inherit', () =>
    expect(priceOf(read('runners: [{ sku: linux_4_core, labels: constructor }]'), ['constructor'])).toBe(
      0.012,
    ));
});

describe('the mistakes in a file with prices', () => {
  it.each([
    ['runners: [{ sku: linux, prise: 1 }]', "1:25: runners[0]: found 'prise'", "Did you mean 'price'?"],
    [
      'runners:\n  - { sku: linux, price: -1 }',
      "2:26: runners[0].price: found '-1'",
      'a price in dollars a minute',
    ],
    ['runners: [{ sku: linux, price: 0.0000001 }]', '1:32: runners[0].price', 'at most six decimal places'],
    ['runners: [{ sku: linux, price: 1001 }]', "found '1001'", 'from 0 to 1000'],
    ['runners: [{ sku: linux, price: free }]', "found 'free'", 'a price in dollars a minute'],
    ['runners: [{ price: 1 }]', '1:11: runners[0]', "expected the key 'sku'"],
    ['runners: [{ sku: linux }]', "1:18: runners[0].sku: found 'linux'", 'also a price, or labels'],
    [
      'runners: [{ sku: linux_3_core, labels: x }]',
      "found 'linux_3_core'",
      'for one of your own, also system, processor, cpus, price',
    ],
    ['runners: [{ sku: linux_4_cor, labels: x }]', "found 'linux_4_cor'", "Did you mean 'linux_4_core'?"],
    [
      'runners: [{ sku: linux, price: 1, effective-from: 2026-02-30 }]',
      "found '2026-02-30'",
      'a day such as 2026-01-01',
    ],
    [
      'runners: [{ sku: linux, labels: x, effective-from: 2026-02-01 }]',
      'effective-from',
      "also the key 'price'",
    ],
    ['runners: [{ sku: linux, labels: self-hosted }]', "found 'self-hosted'", 'not self-hosted'],
    ['runners: [{ sku: linux, labels: "a,b" }]', "found 'a,b'", 'a label without commas'],
    [
      'runners: [{ sku: linux, price: 1, cpus: 8 }]',
      "1:41: runners[0].cpus: found '8'",
      "no 'cpus' of a SKU that is known",
    ],
    ['runners: [{ sku: Linux!, price: 1 }]', 'runners[0].sku', 'a SKU such as linux_8_core'],
    ['checked: yesterday', "1:10: checked: found 'yesterday'", 'a day such as 2026-01-01'],
    ['version: 2', "1:10: version: found '2'", 'the number 1'],
    ['runners: { linux: 1 }', '1:10: runners', 'a list of runners'],
    ['', '1:1', 'expected'],
    ['runners: [', '1:', 'valid YAML'],
  ])('in %j have their place and what is expected', (text, place, expected) => {
    const [first = '', ...others] = problemsOf(text);
    expect(first).toMatch(/^prices\.yml:\d+:\d+: /);
    expect(first).toContain(place);
    expect(first).toContain(expected);
    expect(others).toEqual([]);
  });

  it('are all told, in the order of the file', () => {
    const text = [
      'runners:',
      '  - { sku: linux_4_core, labels: [a, b], price: 1 }',
      '  - { sku: linux_4_core, price: 1.5 }',
      '  - { sku: linux_8_core, labels: [c, a] }',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      "prices.yml:3:33: runners[1].price: found '1.5', expected one price of linux_4_core from one day on.",
      "prices.yml:4:38: runners[2].labels[1]: found 'a', expected a label of one SKU; above, it is one of linux_4_core.",
    ]);
  });

  it('are cut after twenty', () => {
    const text = `runners:\n${'  - { sku: linux }\n'.repeat(50)}`;
    expect(problemsOf(text)).toHaveLength(21);
  });

  it('include too many runners', () =>
    expect(problemsOf(`runners:\n${'  - { sku: linux, labels: x }\n'.repeat(1001)}`).join()).toContain(
      'at most 1000 runners',
    ));
});

it('says of a runner of another vendor nothing that GitHub says of its larger runners', () => {
  const table = read(
    'runners: [{ sku: vendor_8, labels: vendor-8, price: 0.01, system: linux, processor: x64, cpus: 8 }]\n',
  );
  const job = { startedAt: Date.UTC(2026, 10, 20), milliseconds: 60_000, visibility: 'private' as const };
  expect(hostedCost(table, { labels: ['vendor-8'] }, job)).toMatchObject({ kind: 'priced', note: '' });
});
