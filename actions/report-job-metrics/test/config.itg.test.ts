import { resolve } from 'node:path';
import { type Fleet, launchJob, startSimulator } from '@runner-actions/testing';
import { expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');

it('samples as often as the configuration says, and as the input says before it', async () => {
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
  const simulator = await startSimulator(fleet);
  const env = { GITHUB_API_URL: simulator.url, GITHUB_SHA: '' };
  const team = await launchJob({ env, steps: [{ action }] });
  const own = await launchJob({ env, steps: [{ action, with: { interval: '700ms' } }] });
  await simulator.stop();
  expect(team.steps[0]?.stdout).toContain('Sampling every 9 s');
  expect(own.steps[0]?.stdout).toContain('Sampling every 0.7 s');
});
