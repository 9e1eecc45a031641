import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeProblem, fileSchema, readDocument, validate } from '@runner-actions/config';
import { formatMoney, hourlyRate, type PriceRow, shippedPrices } from '@runner-actions/cost';
import { readPriceFile } from '@runner-actions/cost/price-file';
import { pricePages, priceRows } from '../price-page.ts';

const [[path, fresh] = ['', '']] = pricePages();
const page = readFileSync(path, 'utf8');

/** Returns the YAML blocks of the page that begin with a line. */
function blocksOf(line: string): string[] {
  const blocks = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.filter((block) => block.startsWith(`${line}\n`));
}

describe('the page about costs', () => {
  it('has its generated tables', () => expect(page).toBe(fresh));

  it('shows files with prices that can be read', () => {
    const files = blocksOf('# .github/runner-prices.yml');
    expect(files.length).toBeGreaterThan(0);
    for (const block of files) {
      const read = readPriceFile(block, 'prices.yml');
      expect(read.kind === 'wrong' ? read.problems.map(describeProblem) : []).toEqual([]);
    }
  });

  it('shows a configuration that is valid, with the prices of the example', () => {
    const [block = ''] = blocksOf('# .github/runner-config.yml');
    expect(validate(readDocument(block, 'runner-config.yml'), fileSchema)).toMatchObject({
      ok: true,
      value: { pools: { small: { power: { watts: 30, 'price-per-kwh': 0.3, purchase: 1200, years: 4 } } } },
    });
  });

  it('computes as the code does', () => {
    const example = hourlyRate({ power: { watts: 30, pricePerKwh: 0.3, purchase: 1200, years: 4 } });
    expect(page).toContain(
      `that is ${example.total / 1e6} an hour, or ${formatMoney(example.total * 730).slice(1)} in`,
    );
    const mac = hourlyRate({ power: { watts: 12, pricePerKwh: 0.34, purchase: 599, years: 4 } });
    expect(page).toContain(`0.012 kW × 730 h × $0.34 = ${formatMoney(mac.running * 730)}`);
    expect(page).toContain(`its wear is ${formatMoney(mac.wear * 730)} a month`);
  });
});

describe('the table of prices', () => {
  it('has one row for each runner, with all of its prices', () => {
    const [row] = shippedPrices.rows;
    const runner = { ...(row as PriceRow), sku: 'x', labels: ['a', 'b'] };
    const rows = [
      { ...runner, price: 8000, effectiveFrom: undefined },
      { ...runner, price: 5000, effectiveFrom: '2026-03-01' },
      { ...runner, price: 6000, effectiveFrom: '2026-01-01' },
    ];
    expect(priceRows({ rows })).toEqual([
      [
        '`x`',
        'linux, x64, 1 CPU, standard',
        '`a`, `b`',
        '$0.005 since 2026-03-01',
        '$0.006 since 2026-01-01, $0.008',
      ],
    ]);
  });

  it('tells that a runner had no price before', () =>
    expect(
      priceRows(shippedPrices)
        .find(([sku]) => sku === '`linux_arm`')
        ?.at(-1),
    ).toBe('none'));
});
