import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  checkConfig,
  type Config,
  loadConfig,
  orderedPools,
  printEffective,
  readDocument,
} from '../src/index.ts';
import { lintPools } from '../src/lint-pools.ts';
import { filesOf } from './problems-of.ts';

const folder = join(import.meta.dirname, '../../../docs/examples/config');
const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));
const texts = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const organization = { 'org/.github:runner-config.yml@main': 'metrics: { currency: EUR }\n' };
const schema = JSON.parse(
  readFileSync(join(folder, '../../schema/runner-config.schema.json'), 'utf8'),
) as object;
const order = (config: Config) => orderedPools(config).map(({ name }) => name);
const GiB = 1024 ** 3;
const day = 86_400_000;

/** The expected content of each example. An example without an entry here fails. */
const expectations: Record<string, (config: Config) => void> = {
  'design.yml': (config) => {
    expect(order(config)).toEqual(['arc-large', 'proxmox', 'hosted']);
    expect(config.pools?.['proxmox']).toMatchObject({
      'min-free': 1,
      'on-unknown': 'fallback',
      heartbeat: { every: 900_000, 'max-age': 2_700_000 },
    });
    expect(config.classes?.['heavy']).toMatchObject({ cpus: 6, memory: 12 * GiB, 'max-per-host': 1 });
    expect(config.breaker).toEqual({
      failures: { count: 3, window: 900_000, open: 1_800_000 },
      'success-rate': { below: 0.8, over: day, 'min-runs': 10 },
      duration: { above: 2, runs: 3 },
    });
    expect(config.cache).toEqual({
      root: '/var/cache/runner-actions',
      'max-size': { bytes: 100 * GiB },
      'max-age': 30 * day,
    });
    expect(config.metrics).toEqual({
      interval: 2000,
      pushgateway: 'http://pushgateway:9091',
      currency: 'EUR',
    });
    expect(config.rollout).toEqual({ docs: 1, unit: 0.5, integration: 0.25, release: 0 });
    expect(config.trust).toBe('same-repository');
    expect(config.cleanup).toEqual({ 'disk-high': 0.85, 'disk-low': 0.75, keep: ['.git'] });
    expect(config.fleet).toEqual({
      'quiet-hours': { from: 22 * 60, to: 7 * 60, zone: 'Europe/Berlin' },
      alerts: {
        issues: true,
        labels: ['runner-actions-fleet'],
        webhook: 'RUNNER_ACTIONS_SECRET_ALERTS_URL',
        'signing-key': 'RUNNER_ACTIONS_SECRET_ALERTS_KEY',
        alertmanager: 'http://alertmanager:9093',
        after: 1_800_000,
        'reopen-within': 7 * day,
        'public-names': false,
      },
    });
  },
  'runner-config.base.yml': (config) => expect(config.cache).toEqual({ 'max-age': 14 * day }),
  'one-mac.yml': (config) => {
    expect(config.pools?.['desk']).toMatchObject({ 'when-busy': 'wait', wait: 180_000, kind: 'runners' });
    expect(config.cache?.['max-size']).toEqual({ bytes: 40e9 });
  },
  'two-proxmox.yml': (config) => {
    expect(order(config)).toEqual(['small', 'big', 'hosted']);
    expect(config.pools?.['big']?.['cost-per-hour']).toBe(0.12);
    expect(config.pools?.['small']?.power).toMatchObject({ watts: 30, purchase: 1200, years: 4 });
  },
  'arc-only.yml': (config) =>
    expect(config.pools?.['arc']).toMatchObject({
      kind: 'scale-set',
      'max-runners': 40,
      'runs-on': 'arc-linux',
    }),
  'autoscaled.yml': (config) => {
    expect(config.pools?.['cloud']).toMatchObject({ kind: 'autoscaled', 'max-runners': 8 });
    expect(config.pools?.['desktop']?.['on-unknown']).toBe('use');
  },
  'fallback-skip.yml': (config) => {
    expect(config.fallback).toBe('skip');
    expect(config.pools?.['bench']?.['runs-on']).toEqual({
      group: 'benchmarks',
      labels: ['self-hosted', '5950x'],
    });
  },
  'migration-rollout.yml': (config) => {
    expect(config.rollout).toEqual({ docs: 1, unit: 0.25 });
    expect(config.classes?.['release']?.pools).toEqual(['hosted']);
  },
  'public-repository.yml': (config) =>
    expect(config.trust).toEqual(['same-repository', 'MEMBER', 'permission:write', 'label:safe to test']),
  'environments.yml': (config) => expect(config.cache?.['max-size']).toEqual({ share: 0.2 }),
  'cache-and-cleanup.yml': (config) => {
    expect(config.cache).toMatchObject({ 'min-free': { share: 0.15 }, remote: 'off' });
    expect(config.cleanup).toEqual({
      'disk-high': 0.9,
      'disk-low': 0.8,
      keep: ['.git', 'node_modules/.cache', '!node_modules/.cache/tmp'],
      budget: 120_000,
    });
  },
  'requirements-only.yml': (config) => expect(config).toEqual({ requirements: './requirements/desktop.yml' }),
  'monorepo-classes.yml': (config) =>
    expect(config.classes?.['medium']).toMatchObject({
      pools: ['small', 'big', 'hosted'],
      cpus: 2.5,
      memory: 6 * GiB,
    }),
  'team-base.yml': (config) => expect(order(config)).toEqual(['old', 'new', 'hosted']),
  'team-child.yml': (config) => {
    expect(order(config)).toEqual(['new', 'hosted', 'gpu']);
    expect(config.breaker).toEqual({ duration: { above: 3, runs: 3 } });
    expect(config.cleanup?.keep).toEqual(['.git', 'models']);
  },
  'enterprise-server.yml': (config) => expect(config.fallback).toEqual(['self-hosted', 'linux', 'spare']),
};

async function read(name: string, more: Record<string, string> = {}) {
  const loaded = await checkConfig(filesOf({ ...texts, ...organization, ...more }), {
    repository: undefined,
    ref: undefined,
    path: name,
  });
  if (loaded.kind !== 'read') throw new Error(JSON.stringify(loaded));
  return loaded;
}

describe.each(names)('docs/examples/config/%s', (name) => {
  it('contains the expected settings', async () => {
    const expectation = expectations[name];
    expect(expectation, 'no expectation is written for it').toBeDefined();
    expectation?.((await read(name)).config);
  });

  it('has no pools that may share machines', async () => {
    expect(lintPools(await read(name))).toEqual([]);
  });

  it('matches the published JSON Schema', () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(validate(readDocument(texts[name] ?? '', name).value), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has the same content when its printed form is read again', async () => {
    const first = await read(name);
    const again = await read('again.yml', { 'again.yml': printEffective(first.tree) });
    expect(again.config).toEqual(first.config);
  });
});

it.each<[string, string, (config: Config) => void]>([
  ['design.yml', 'staging', ({ pools }) => expect(pools?.['proxmox']?.['min-free']).toBe(2)],
  [
    'environments.yml',
    'test',
    (config) => {
      expect(config.pools?.['cluster']).toMatchObject({ 'runs-on': 'cluster-test', 'max-runners': 2 });
      expect(config.cache).toEqual({ root: '/var/cache/runner-actions', 'max-age': 2 * day });
    },
  ],
  [
    'environments.yml',
    'laptop',
    (config) => {
      expect(order(config)).toEqual(['hosted']);
      expect(config.metrics).toEqual({ charts: 'text' });
    },
  ],
])(
  'docs/examples/config/%s contains the expected settings in the environment %s',
  async (name, environment, expectation) => {
    const loaded = await loadConfig(
      filesOf({ ...texts, ...organization }),
      { repository: undefined, ref: undefined, path: name },
      { name: environment, mayBeMissing: false },
    );
    if (loaded.kind !== 'read') throw new Error(JSON.stringify(loaded));
    expectation(loaded.config);
  },
);

it.each([
  'pools: { a: { kind: runner } }',
  'pools: { a: { min-fre: 1 } }',
  'cache: { max-size: lots }',
  'trust: FRIENDS',
  'trust: permission:read',
  "trust: ['label: ']",
  'version: 2',
  'pools: { 1: { runs-on: x } }',
])('the published JSON Schema refuses %s', (text) => {
  expect(new Ajv({ strict: false }).compile(schema)(parse(text))).toBe(false);
});
