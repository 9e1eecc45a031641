import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { maxAgeDays, shippedPrices } from '@runner-actions/cost';
import { type Fleet, type FleetJob, preloadModule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { measure } from '../measured-job.ts';

const day = 86_400_000;

/**
 * Puts the clock of the job and of GitHub to noon of a day. Prices depend on the day, and the shipped table is too old
 * some day, so a test must not run today.
 */
function on(date: string) {
  const now = `${date}T12:00:00Z`;
  const behind = Date.now() - Date.parse(now);
  const env = preloadModule(`const now = Date.now; Date.now = () => now() - ${behind};`);
  return { fleet: { now }, env };
}

/** A day on which the price of a minute was 0.006 dollars. No later version of the table changes this. */
const pastDay = '2026-08-15';

const commit = 'acb5820ced9479c074f688cc328bf03f341a511d';

/** Creates a runner's folder with a checkout that has these files. */
function checkout(files: Record<string, string>): { directory: string; folder: string } {
  const directory = mkdtempSync(join(tmpdir(), 'runner-'));
  const folder = join(directory, '_work', 'app', 'app');
  for (const [path, text] of Object.entries({ '.git/HEAD': commit, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { directory, folder };
}

interface Priced {
  with?: Record<string, string>;
  date?: string;
  directory?: string;
  environment?: 'github-hosted';
  fleet?: Partial<Fleet>;
  own?: Partial<FleetJob>;
}

/** Runs a job of a bit more than a minute, and returns its outputs of money, with what it cost to the microdollar. */
async function price({ with: inputs = {}, date = pastDay, directory, environment, fleet, own }: Priced) {
  const clock = on(date);
  const done = await measure({
    ...{ with: inputs, now: true, own: own ?? {}, fleet: { ...clock.fleet, ...fleet } },
    job: {
      env: { ...clock.env, ...(directory === undefined ? {} : { GITHUB_SHA: commit }) },
      ...(directory === undefined ? {} : { directory }),
      ...(environment === undefined ? {} : { environment }),
    },
  });
  expect(done.job.conclusion).toBe('success');
  const { cost, 'hosted-cost': hosted, saving, currency } = done.outputs;
  const hours = (done.report?.durationSeconds ?? 0) / 3600;
  return {
    ...done,
    money: { cost, hosted, saving, currency },
    at: (rate: number) => (rate * hours).toFixed(6),
  };
}

describe('report-job-metrics: cost outputs', () => {
  it('situation 17: two started minutes there, the time of the job here, and the saving', async () => {
    const { money, at, summary, report } = await price({ with: { 'cost-per-hour': '0.06' } });
    const saving = (0.012 - Number(at(0.06))).toFixed(6);
    expect(money).toEqual({ cost: at(0.06), hosted: '0.012000', saving, currency: 'USD' });
    expect(summary).toMatch(
      /Cost: \$0\.00\d+ on this machine, at \$0\.06 an hour .*; \$0\.012 on `ubuntu-latest`/,
    );
    expect(report).toMatchObject({ cost: { isHosted: false, hosted: { amount: 0.012, minutes: 2 } } });
  });

  it('situation 17: a machine that costs more than a hosted runner has a negative saving', async () => {
    const { money, summary } = await price({ with: { 'cost-per-hour': '5' } });
    expect(money.saving).toMatch(/^-0\.0[78]\d{4}$/);
    expect(summary).toMatch(/Saving: none; this machine cost \$0\.0\d+ more\./);
  });

  it('a machine in another currency has a cost, and no saving', async () => {
    const { money, at } = await price({ with: { 'cost-per-hour': '0.06', currency: 'EUR' } });
    expect(money).toEqual({ cost: at(0.06), hosted: '0.012000', saving: undefined, currency: 'EUR' });
  });

  it('a hosted runner costs its own price, whatever a machine would', async () => {
    const { money } = await price({
      ...{ with: { 'cost-per-hour': '5', currency: 'EUR' }, environment: 'github-hosted' as const },
      own: { labels: ['windows-2022'], runner_group_name: 'GitHub Actions' },
    });
    expect(money).toEqual({ cost: '0.020000', hosted: '0.020000', saving: undefined, currency: 'USD' });
  });
});

describe('report-job-metrics: the file of prices', () => {
  const file = (text: string) => checkout({ 'ci/prices.yml': text });
  const inputs = { prices: 'ci/prices.yml' };

  it('a file of the checkout overrides the shipped price', async () => {
    const { directory } = file('runners: [{ sku: linux, price: 0.25 }]\n');
    const { money, warnings } = await price({ with: inputs, directory });
    expect([money.hosted, warnings]).toEqual(['0.500000', []]);
  });

  it('a wrong file counts not even in part: a warning says where, and the shipped price is used', async () => {
    const { directory } = file(
      'runners:\n  - { sku: linux, price: 0.25 }\n  - { sku: linux_arm, price: cheap }\n',
    );
    const { money, warnings } = await price({ with: inputs, directory });
    expect(money.hosted).toBe('0.012000');
    expect(warnings).toEqual([
      expect.stringMatching(
        /^warning: The prices of 'prices: ci\/prices\.yml' are not used: 3:\d+ .*cheap.*[^.]\.$/,
      ),
    ]);
  });

  it('a missing file is a warning', async () => {
    const { directory } = checkout({});
    const { money, warnings } = await price({ with: inputs, directory });
    expect(money.hosted).toBe('0.012000');
    expect(warnings).toEqual([expect.stringMatching(/prices\.yml' are not used: .*no such file/)]);
  });

  it.each([
    ['a path that leads out of the checkout', '../../prices.yml'],
    ['a link that leads out of the checkout', 'link.yml'],
  ])('%s is refused', async (_case, prices) => {
    const { directory, folder } = checkout({});
    const outside = join(directory, '_work', 'prices.yml');
    writeFileSync(outside, 'runners: [{ sku: linux, price: 0.25 }]\n');
    symlinkSync(outside, join(folder, 'link.yml'));
    const { money, warnings } = await price({ with: { prices }, directory });
    expect(money.hosted).toBe('0.012000');
    expect(warnings).toEqual([expect.stringContaining('it is no file of the checkout')]);
  });
});

describe('report-job-metrics: prices that grow old', () => {
  const daysAfterCheck = (days: number): string =>
    new Date(Date.parse(shippedPrices.checked) + days * day).toISOString().slice(0, 10);

  it('a shipped table that was checked more than 90 days ago counts as none, with a warning', async () => {
    const { money, summary } = await price({
      ...{ with: { 'cost-per-hour': '0.06' }, date: daysAfterCheck(maxAgeDays + 1) },
    });
    expect(money).toMatchObject({ hosted: undefined, saving: undefined, cost: expect.any(String) });
    expect(summary.replaceAll('\\', '')).toContain(
      `were last checked on ${shippedPrices.checked}, 91 days before this job`,
    );
  });

  it('a file with the day of a newer check makes them young again', async () => {
    const date = daysAfterCheck(maxAgeDays + 1);
    const { directory } = checkout({ 'prices.yml': `checked: ${date}\n` });
    const { money, summary } = await price({ with: { prices: 'prices.yml' }, date, directory });
    expect(money.hosted).toMatch(/^0\.\d+$/);
    expect(summary).not.toContain('last checked');
  });
});

describe('report-job-metrics: the price of the machine from the configuration', () => {
  it("that of the pool whose labels the job requests, read by GitHub's API", async () => {
    const config = `
metrics: { currency: EUR }
pools:
  small: { runs-on: [self-hosted, linux], cost-per-hour: 1 }
  big: { runs-on: [self-hosted, linux, big], cost-per-hour: 2 }
`;
    const files = { '.github/runner-config.yml': config };
    const repositories = [{ id: 1, name: 'app', private: true, files }];
    const { money, at } = await price({ fleet: { repositories } });
    expect(money).toMatchObject({ cost: at(2), currency: 'EUR' });
  });

  it('that of power and wear, and the input overrides it', async () => {
    const power = '{ watts: 100, price-per-kwh: 0.5, purchase: 8760, years: 1 }';
    const { directory } = checkout({
      '.github/runner-config.yml': `pools: { big: { runs-on: [self-hosted, big], power: ${power} } }\n`,
    });
    const { money, at } = await price({ directory });
    expect(money.cost).toBe(at(1.05));
    const own = await price({ directory, with: { 'cost-per-hour': '3' } });
    expect(own.money.cost).toBe(own.at(3));
  });
});
