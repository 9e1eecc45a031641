import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Fleet, launchJob, startSimulator, withPolicy } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const make = { run: ['/bin/sh', '-c', 'mkdir -p deps && echo one > deps/f'] };
const folder = () => join(mkdtempSync(join(tmpdir(), 'root-')), 'store');

async function cache(given: {
  config: string;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  wrap?: string[] | undefined;
}) {
  const fleet: Fleet = {
    owner: { login: 'octo', kind: 'organization' },
    repositories: [
      { id: 1, name: 'app', private: true, files: { '.github/runner-config.yml': given.config } },
    ],
    tokens: { 'github-token': { permissions: { contents: 'read' } } },
  };
  const simulator = await startSimulator(fleet);
  try {
    return await launchJob({
      env: { GITHUB_API_URL: simulator.url, GITHUB_SHA: '', ...given.env },
      ...(given.wrap === undefined ? {} : { wrap: given.wrap }),
      steps: [{ action, with: { path: 'deps', key: 'k', ...given.inputs } }, make],
    });
  } finally {
    await simulator.stop();
  }
}

describe('root of the store', () => {
  it('comes from the input, then RUNNER_ACTIONS_CACHE, then the configuration', async () => {
    const [config, variable, input] = [folder(), folder(), folder()];
    const text = `cache: { root: ${config} }\n`;
    await cache({ config: text });
    expect([config, variable, input].map(existsSync)).toEqual([true, false, false]);
    await cache({ config: text, env: { RUNNER_ACTIONS_CACHE: variable } });
    expect([variable, input].map(existsSync)).toEqual([true, false]);
    await cache({ config: text, env: { RUNNER_ACTIONS_CACHE: variable }, inputs: { root: input } });
    expect(existsSync(input)).toBe(true);
  });

  it.skipIf(withPolicy('') === undefined)(
    'comes from the machine policy before the configuration',
    async () => {
      const [config, policy] = [folder(), folder()];
      const job = await cache({
        config: `cache: { root: ${config} }\n`,
        wrap: withPolicy(`cache: { root: ${policy} }\n`),
      });
      expect([config, policy].map(existsSync)).toEqual([false, true]);
      expect(job.steps[0]?.stdout).toMatch(/policy\.yml sets the root of the store/);
    },
  );
});

describe('root in the configuration that is not a store', () => {
  it('fails the step and names the configuration key', async () => {
    const root = mkdtempSync(join(tmpdir(), 'site-'));
    writeFileSync(join(root, 'index.html'), '');
    const job = await cache({ config: `cache: { root: ${root} }\n` });
    expect(job.conclusion).toBe('failure');
    expect(job.steps[0]?.annotations[0]?.message).toMatch(
      /^'cache\.root' of the configuration: .* is not empty and is not a store/,
    );
    expect(readdirSync(root)).toEqual(['index.html']);
  });
});

describe('limits of the store', () => {
  const old = (root: string) => {
    const before = new Date(Date.now() - 3_600_000);
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      utimesSync(join(root, path), before, before);
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('entry.json'),
    )) {
      const text = JSON.parse(readFileSync(join(root, path), 'utf8')) as object;
      writeFileSync(join(root, path), JSON.stringify({ ...text, createdAt: before.getTime() }));
    }
    rmSync(join(root, 'counted'), { force: true });
  };
  const keys = (root: string) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('entry.json'))
      .map((name) => (JSON.parse(readFileSync(join(root, name), 'utf8')) as { key: string }).key);

  it.each([
    ['the configuration', { config: 'max-size: 5B' }, {}],
    ['an input', { config: 'max-size: 1GiB' }, { 'max-size': '5B' }],
    ['an age', { config: 'max-age: 10m' }, {}],
  ])('evicts the least recently used entry when %s sets the limit', async (_name, { config }, inputs) => {
    const root = folder();
    const text = `cache: { root: ${root}, ${config} }\n`;
    await cache({ config: text, inputs: { ...inputs, key: 'first' } });
    old(root);
    const job = await cache({ config: text, inputs: { ...inputs, key: 'second' } });
    expect(keys(root)).toEqual(['second']);
    expect(job.posts[0]?.stdout).toMatch(/Cache: 1 entry or copy evicted, 4 B/);
    const report = JSON.parse(readFileSync(job.steps[0]?.outputs['report'] ?? '', 'utf8')) as {
      evicted: object;
    };
    expect(report.evicted).toEqual({ entries: 1, bytes: 4 });
  });

  it.skipIf(withPolicy('') === undefined)(
    'applies the limits of the machine policy even when the inputs allow more',
    async () => {
      const root = folder();
      const inputs = { 'max-size': '90%', root };
      const wrap = withPolicy('cache: { max-size: 5B, max-age: 90d, min-free: 1% }\n');
      await cache({ config: '', inputs: { ...inputs, key: 'first' }, wrap });
      old(root);
      const job = await cache({ config: '', inputs: { ...inputs, key: 'second' }, wrap });
      expect(keys(root)).toEqual(['second']);
      expect(job.steps[0]?.stdout).toMatch(/policy\.yml limits 'max-size' to 5 B\./);
      expect(job.steps[0]?.stdout).not.toMatch(/limits '(max-age|min-free)'/);
    },
  );

  it('evicts nothing while the store is within its limits', async () => {
    const root = folder();
    await cache({ config: '', inputs: { root, key: 'first', 'min-free': '0%' } });
    old(root);
    await cache({ config: '', inputs: { root, key: 'second', 'min-free': '0%' } });
    expect(keys(root).sort()).toEqual(['first', 'second']);
  });

  it.each([
    [{ 'max-size': 'lots' }, /Input 'max-size' is 'lots': expected a size/],
    [{ 'max-size': '100' }, /Input 'max-size' is '100': expected a size/],
    [{ 'min-free': '120%' }, /Input 'min-free' is '120%': expected a share/],
    [{ 'max-age': '3' }, /Input 'max-age' is '3': expected a duration/],
  ])('refuses the input %o', async (inputs, message) => {
    const job = await cache({ config: '', inputs: inputs as unknown as Record<string, string> });
    expect(job.steps[0]?.annotations[0]?.message).toMatch(message);
  });
});
