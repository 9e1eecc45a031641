// A job of the built bundle pushes its metrics to real servers, a rule fires, a webhook is called, and all is resolved.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fleet, type FleetJob, launchJob, startSimulator } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { isInstalled } from '@runner-actions/testing/servers';
import { root } from '../../actions.ts';
import { dashboardExpressions } from '../../monitoring/dashboard.ts';
import { startChain } from './chain.ts';
import { selectorsIn } from './expressions.ts';

const packages = [
  'prometheus',
  'prometheus-pushgateway',
  'prometheus-alertmanager',
  'prometheus-node-exporter',
];
const missing = packages.filter((name) => !isInstalled(name));
const reason = missing.length === 0 ? '' : ` (skipped without the packages ${missing.join(', ')})`;

const action = join(root, 'actions', 'report-job-metrics');
const runId = 30433642;
const kind = { repository: 'octo/app', workflow: 'CI', job: 'build', runner_class: 'big' };
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** A job of another run, which ended some hours ago. */
function pastJob(hours: number, seconds: number): FleetJob {
  const end = hours * 3600;
  return {
    ...{ id: 1000 + hours, run_id: hours, name: 'build', status: 'completed', conclusion: 'success' },
    ...{
      labels: ['self-hosted', 'linux', 'big'],
      runner_id: 5,
      runner_name: 'r5',
      runner_group_name: 'Default',
    },
    ...{ created_at: ago(end + seconds + 5), started_at: ago(end + seconds), completed_at: ago(end) },
  };
}

/** @param durations of the earlier jobs in seconds, the newest first, and of the job that runs now */
function fleetOf(durations: readonly number[], own: number): Fleet {
  const past = durations.map((seconds, index) => pastJob(index + 1, seconds));
  const now: FleetJob = {
    ...pastJob(0, 0),
    ...{ id: 41, run_id: runId, status: 'in_progress', conclusion: null, completed_at: null },
    ...{ runner_id: 1, runner_name: 'runner-1', created_at: ago(own + 12), started_at: ago(own) },
  };
  return {
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1, name: 'app', private: true }],
    runs: [
      { id: runId, status: 'in_progress' },
      ...past.map(({ run_id: id, created_at: created = '', completed_at: ended }) => ({
        ...{ id, status: 'completed', conclusion: 'success', created_at: created, updated_at: ended ?? '' },
      })),
    ],
    jobs: [now, ...past],
    tokens: { 'may-read': { permissions: { actions: 'read', contents: 'read' } } },
  };
}

/** Runs a job that measures itself and sends its metrics. */
async function runJob(fleet: Fleet, { gateway, textfiles }: { gateway: string; textfiles: string }) {
  const simulator = await startSimulator(fleet);
  const given = { pushgateway: gateway, 'textfile-directory': textfiles, 'cost-per-hour': '0.05' };
  const payload = { repository: { full_name: 'octo/app', default_branch: 'main', private: true } };
  try {
    const job = await launchJob({
      steps: [{ action, with: { ...given, interval: '500ms', charts: 'none' } }],
      ...{ env: { GITHUB_API_URL: simulator.url }, token: 'may-read', checkRunId: '41' },
      event: { name: 'push', payload },
    });
    expect(job.posts[0]?.annotations).toEqual([]);
    expect(job.posts[0]?.stdout).toContain('The metrics were sent: Pushgateway.');
  } finally {
    await simulator.stop();
  }
}

const usual = Array.from({ length: 9 }, () => 60);

describe(`a job, Pushgateway, Prometheus, Alertmanager and a webhook${reason}`, () => {
  it.skipIf(missing.length > 0)('alert while a job is slow, and tell when it is not', async () => {
    const chain = await startChain();
    await runJob(fleetOf([200, 200, ...usual], 200), chain);
    const alerts = await chain.next('firing', 'GitHubJobRollback');
    expect(alerts[0]).toMatchObject({ labels: { ...kind, severity: 'critical' } });
    expect(alerts[0]?.annotations['summary']).toMatch(/^build of octo\/app takes more than twice as long/);

    await runJob(fleetOf([60, 60, ...usual], 60), chain);
    await chain.next('resolved', 'GitHubJobRollback');
    expect(await chain.query('ghjob_rollback')).not.toEqual([]);
    await expect.poll(() => chain.query('ALERTS{alertname="GitHubJobRollback"}')).toEqual([]);
  });

  it.skipIf(missing.length > 0)('answer what the dashboard asks, and what the rules read', async () => {
    const chain = await startChain();
    await runJob(fleetOf([60, 60, ...usual], 60), chain);
    await expect.poll(() => chain.query('ghjob_rollback{runner="runner-1"}')).toMatchObject([kind]);
    await expect.poll(() => chain.query('ghjob_rollback{runner=""}')).toMatchObject([kind]);
    const sent = await (await fetch(`${chain.gateway}/metrics`)).text();
    const isSent = (metric: string): boolean => sent.includes(`\n${metric}{`);
    const asked = dashboardExpressions().map((each) => each.replaceAll(/\$\w+/g, '.*'));
    for (const expression of asked) {
      const isKnown = selectorsIn(expression).every(({ metric }) => isSent(metric));
      expect((await chain.query(expression)).length, expression).toBe(isKnown ? 1 : 0);
    }
    expect(
      asked.filter((each) => selectorsIn(each).some(({ metric }) => isSent(metric))).length,
    ).toBeGreaterThan(20);
    for (const metric of ['push_time_seconds', 'push_failure_time_seconds'])
      expect(await chain.query(`${metric}{repository!="",runner_class!=""}`)).toMatchObject([kind]);
    expect(await chain.query('up{job="pushgateway"} == 1')).toHaveLength(1);
    expect(await chain.query('node_textfile_scrape_error == 0')).toMatchObject([{ job: 'node' }]);
  });

  it.skipIf(missing.length > 0)(
    'tell about a refused push, and forget a group as the page says',
    async () => {
      const chain = await startChain();
      const [, command = ''] = /curl -X DELETE (\S+)/.exec(page) ?? [];
      const group = `${chain.gateway}${new URL(command).pathname}`;
      const push = (body: string) => fetch(group, { method: 'PUT', body });
      expect((await push('ghjob_slower 0 1764000000000\n')).status).toBe(400);
      const alerts = await chain.next('firing', 'GitHubJobMetricsRefused');
      expect(alerts).toMatchObject([{ labels: kind }]);
      expect(await chain.query('push_time_seconds == 0')).toMatchObject([kind]);
      expect((await fetch(group, { method: 'DELETE' })).status).toBe(202);
      await chain.next('resolved', 'GitHubJobMetricsRefused');
      expect(await chain.query('push_time_seconds')).toEqual([]);
    },
  );
});

const page = readFileSync(join(root, 'docs', 'monitoring.md'), 'utf8');
