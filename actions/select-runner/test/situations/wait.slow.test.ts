// Situation 42: `when-busy: wait`, what it asks for anew, and when there is nothing to wait for.
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, fleet, labels, runner, select, simulate } from '../select.ts';
import { past } from './past.ts';

const runners = (free: number, busy = 0) =>
  Array.from({ length: free + busy }, (_, index) => runner(index + 1, { busy: index >= free }));

describe('situations', () => {
  it('42: wait polls until a runner is free, with ETags, and says how long it took', async () => {
    const simulator = await simulate(fleet({ runners: runners(0, 1) }));
    const asked = setInterval(() => {
      const lists = simulator.requests.filter(({ path }) => path.endsWith('/app/actions/runners'));
      if (lists.length >= 2) simulator.setFleet(fleet({ runners: runners(1) }));
    }, 20);
    const inputs = {
      labels: 'self-hosted, linux, x64',
      'runner-token': 'admin-token',
      'when-busy': 'wait',
      wait: '1m',
    };
    const job = await launchJob({
      env: { GITHUB_API_URL: simulator.url },
      steps: [{ action, with: inputs }],
    });
    clearInterval(asked);
    expect(job.steps[0]?.outputs).toMatchObject({ reason: 'idle', 'is-self-hosted': 'true' });
    expect(simulator.requests.some(({ response }) => response.status === 304)).toBe(true);
  });

  it('42: wait ends at its limit', async () => {
    const { outputs, report } = await select({
      fleet: fleet({ runners: runners(0, 1) }),
      with: { 'when-busy': 'wait', wait: '2s' },
    });
    expect(outputs).toMatchObject({ reason: 'busy', 'is-self-hosted': 'false' });
    expect(report?.['waited-seconds']).toBeGreaterThanOrEqual(2);
  });

  it('42: a fallback that is self-hosted is no reason not to wait', async () => {
    const { outputs, report } = await select({
      fleet: fleet({ runners: runners(0, 1) }),
      with: { 'when-busy': 'wait', wait: '2s', fallback: 'self-hosted, spare' },
    });
    expect(outputs).toMatchObject({ pool: 'fallback', reason: 'busy', 'is-self-hosted': 'true' });
    expect(report?.['waited-seconds']).toBeGreaterThanOrEqual(2);
  });

  it('42: with token alone it asks for the jobs anew each time', async () => {
    const atWork = { status: 'in_progress' as const, conclusion: null, completed_at: null };
    const simulator = await simulate(fleet(past({ at: 2, job: atWork })));
    const asked = setInterval(() => {
      if (simulator.requests.length >= 2) simulator.setFleet(fleet(past({ at: 2 })));
    }, 20);
    const inputs = { labels: labels.join(), token: 'github-token', 'when-busy': 'wait', wait: '30s' };
    const job = await launchJob({
      env: { GITHUB_API_URL: simulator.url },
      steps: [{ action, with: inputs }],
    });
    clearInterval(asked);
    expect(job.steps[0]?.outputs).toMatchObject({ reason: 'idle', source: 'history' });
  });

  it('42: it does not wait for a pool that nobody wants more of', async () => {
    const config = `pools:
  own: { runs-on: [self-hosted, linux, x64], when-busy: wait, wait: 30s }
  hosted: { runs-on: ubuntu-latest, kind: hosted }
classes: { heavy: { pools: [own, hosted] }, light: { pools: [hosted] } }
`;
    const jobs = '[{"class":"heavy"},{"class":"light"}]';
    const { outputs, report } = await select({
      config,
      fleet: fleet({ runners: runners(2) }),
      with: { jobs },
    });
    expect(outputs).toMatchObject({ pool: 'own', reason: 'idle' });
    expect(report?.['waited-seconds']).toBeLessThan(30);
  });
});
