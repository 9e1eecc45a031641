import { existsSync, mkdtempSync } from 'node:fs';
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

describe('where the store is', () => {
  it('is the configuration’s to say, after the input and the machine’s variable', async () => {
    const [config, variable, input] = [folder(), folder(), folder()];
    const text = `cache: { root: ${config} }\n`;
    await cache({ config: text });
    expect([config, variable, input].map(existsSync)).toEqual([true, false, false]);
    await cache({ config: text, env: { RUNNER_ACTIONS_CACHE: variable } });
    expect([variable, input].map(existsSync)).toEqual([true, false]);
    await cache({ config: text, env: { RUNNER_ACTIONS_CACHE: variable }, inputs: { root: input } });
    expect(existsSync(input)).toBe(true);
  });

  it.skipIf(withPolicy('') === undefined)('is the policy’s before the configuration’s', async () => {
    const [config, policy] = [folder(), folder()];
    const job = await cache({
      config: `cache: { root: ${config} }\n`,
      wrap: withPolicy(`cache: { root: ${policy} }\n`),
    });
    expect([config, policy].map(existsSync)).toEqual([false, true]);
    expect(job.steps[0]?.stdout).toMatch(/policy\.yml says where the store is/);
  });

  it('says which of its values have no effect yet', async () => {
    const job = await cache({ config: `cache: { root: ${folder()}, max-size: 20%, max-age: 30d }\n` });
    expect(job.steps[0]?.stdout).toMatch(/'cache\.max-size' has no effect[^]*'cache\.max-age' has no effect/);
  });
});
