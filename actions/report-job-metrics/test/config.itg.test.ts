import { resolve } from 'node:path';
import { type Fleet, launchJob, startSimulator } from '@runner-actions/testing';
import { expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');

const fleet: Fleet = {
  owner: { login: 'octo', kind: 'organization' },
  repositories: [
    {
      id: 1,
      name: 'app',
      private: true,
      files: { '.github/runner-config.yml': 'metrics: { interval: 9s, charts: none }\n' },
    },
  ],
  tokens: { 'github-token': { permissions: { contents: 'read' } } },
};

async function start() {
  const simulator = await startSimulator(fleet);
  return { simulator, env: { GITHUB_API_URL: simulator.url, GITHUB_SHA: '' } };
}

it('report-job-metrics uses the interval of the configuration, and the input overrides it', async () => {
  const { simulator, env } = await start();
  const team = await launchJob({ env, steps: [{ action }] });
  const own = await launchJob({ env, steps: [{ action, with: { interval: '700ms' } }] });
  await simulator.stop();
  expect(team.steps[0]?.stdout).toContain('Sampling every 9 s');
  expect(own.steps[0]?.stdout).toContain('Sampling every 0.7 s');
});

it('report-job-metrics reports an invalid input before it fetches the configuration', async () => {
  const { simulator, env } = await start();
  const { steps } = await launchJob({ env, steps: [{ action, with: { interval: '1ms' } }] });
  await simulator.stop();
  expect(steps[0]?.exitCode).toBe(1);
  expect(steps[0]?.annotations[0]?.message).toContain("Input 'interval' is '1ms'");
  expect(simulator.requests).toEqual([]);
});
