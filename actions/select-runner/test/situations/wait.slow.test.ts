// `when-busy: wait`: polling, its end, and when there is nothing to wait for.
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, ago, fleet, labels, runner, select, sha, simulate } from '../run-select-runner.ts';
import { past, queued } from './past-jobs.ts';

const runners = (free: number, busy = 0) =>
  Array.from({ length: free + busy }, (_, index) => runner(index + 1, { busy: index >= free }));

describe('select-runner: when-busy: wait', () => {
  it('polls with ETags until a runner is free', async () => {
    const simulator = await simulate(fleet({ runners: runners(0, 1) }));
    const poll = setInterval(() => {
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
    clearInterval(poll);
    expect(job.steps[0]?.outputs).toMatchObject({ reason: 'idle', 'is-self-hosted': 'true' });
    expect(simulator.requests.some(({ response }) => response.status === 304)).toBe(true);
  });

  it('stops after the time in wait, and reports how long it waited', async () => {
    const { outputs, report } = await select({
      fleet: fleet({ runners: runners(0, 1) }),
      with: { 'when-busy': 'wait', wait: '2s' },
    });
    expect(outputs).toMatchObject({ reason: 'busy', 'is-self-hosted': 'false' });
    expect(report?.['waited-seconds']).toBeGreaterThanOrEqual(2);
  });

  it('waits although the fallback is self-hosted', async () => {
    const { outputs, report } = await select({
      fleet: fleet({ runners: runners(0, 1) }),
      with: { 'when-busy': 'wait', wait: '2s', fallback: 'self-hosted, spare' },
    });
    expect(outputs).toMatchObject({ pool: 'fallback', reason: 'busy', 'is-self-hosted': 'true' });
    expect(report?.['waited-seconds']).toBeGreaterThanOrEqual(2);
  });

  it('reads recent jobs again at each poll when there is no runner-token', async () => {
    const atWork = { status: 'in_progress' as const, conclusion: null, completed_at: null };
    const simulator = await simulate(fleet(past({ at: 2, job: atWork })));
    const poll = setInterval(() => {
      if (simulator.requests.length >= 2) simulator.setFleet(fleet(past({ at: 2 })));
    }, 20);
    const inputs = { labels: labels.join(), token: 'github-token', 'when-busy': 'wait', wait: '30s' };
    const job = await launchJob({
      env: { GITHUB_API_URL: simulator.url },
      steps: [{ action, with: inputs }],
    });
    clearInterval(poll);
    expect(job.steps[0]?.outputs).toMatchObject({ reason: 'idle', source: 'history' });
  });

  it('waits for a machine that boots, and takes it once it has done its job', async () => {
    const config = `pools:
  aws: { runs-on: [self-hosted, aws], kind: autoscaled, when-busy: wait, wait: 30s }
  hosted: { runs-on: ubuntu-latest, kind: hosted }
`;
    const own = { labels: ['self-hosted', 'aws'] };
    const earlier = { at: 203, job: { ...own, started_at: ago(200) } };
    const files = { '.github/runner-config.yml': config };
    const withConfig = (jobs: ReturnType<typeof past>) => {
      const given = fleet(jobs);
      return { ...given, repositories: [{ ...given.repositories[0]!, files_at: { [sha]: files } }] };
    };
    const simulator = await simulate(withConfig(past({ at: 4, job: { ...queued, ...own } }, earlier)));
    const poll = setInterval(() => {
      if (simulator.requests.some(({ path }) => path.endsWith('/attempts/1/jobs')))
        simulator.setFleet(withConfig(past({ at: 4, job: own }, earlier)));
    }, 20);
    const steps = [{ action, with: { token: 'github-token' } }];
    const job = await launchJob({ env: { GITHUB_API_URL: simulator.url }, steps });
    clearInterval(poll);
    expect(job.steps[0]?.stdout).toMatch(/Polling for up to/);
    expect(job.steps[0]?.outputs).toMatchObject({ pool: 'aws', reason: 'idle', source: 'history' });
  });

  it('does not wait for a pool that no remaining job may use', async () => {
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
