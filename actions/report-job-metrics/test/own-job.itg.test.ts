import { join } from 'node:path';
import {
  assertContract,
  type Fleet,
  type FleetJob,
  launchJob,
  startSimulator,
} from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { burnUntil, readReport } from './job-scripts.ts';

const action = join(import.meta.dirname, '..');
const open = { action, with: { interval: '500ms' } };
const runId = 30433642;
const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** A job in progress on the launcher's runner, which waited 12 s. */
function jobOf(change: Partial<FleetJob> = {}): FleetJob {
  return {
    ...{ id: 41, run_id: runId, name: 'build', status: 'in_progress', runner_id: 1, runner_name: 'runner-1' },
    ...{ created_at: secondsAgo(13), started_at: secondsAgo(1) },
    steps: [
      { name: 'burn', number: 1, status: 'in_progress', conclusion: null, started_at: secondsAgo(1) },
      { name: 'npm ci', number: 2, status: 'completed', conclusion: 'skipped', started_at: secondsAgo(1) },
    ],
    ...change,
  };
}

/** Runs a measured job against a simulated GitHub, and returns it with the requests for jobs. */
async function launchWith(jobs: FleetJob[], options: { id?: string; token?: string; charts?: string } = {}) {
  const fleet: Fleet = {
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1, name: 'app', private: true }],
    runs: [
      { id: runId, status: 'in_progress' },
      { id: 5, status: 'in_progress' },
    ],
    jobs,
    tokens: {
      'may-read': { permissions: { actions: 'read', contents: 'read' } },
      'may-not': { permissions: { contents: 'read' } },
    },
  };
  const simulator = await startSimulator(fleet);
  const { id, token = 'may-read', charts = 'mermaid' } = options;
  try {
    const job = await launchJob({
      steps: [{ action, with: { ...open.with, charts } }, burnUntil(4)],
      ...{ env: { GITHUB_API_URL: simulator.url }, token },
      ...(id === undefined ? {} : { checkRunId: id }),
    });
    assertContract(simulator);
    const asked = simulator.requests.map(({ path }) => path).filter((path) => path.includes('/jobs'));
    const summary = job.posts[0]?.summary ?? '';
    return { job, asked, summary, report: readReport(job.steps[0]?.outputs['report']) };
  } finally {
    await simulator.stop();
  }
}

const byId = '/repos/octo/app/actions/jobs/41';
const byList = `/repos/octo/app/actions/runs/${runId}/attempts/1/jobs`;

describe('report-job-metrics: its own job', () => {
  it('finds it by job.check_run_id with one call: steps, kinds and queue time', async () => {
    const { asked, summary, report } = await launchWith([jobOf(), jobOf({ id: 42 })], { id: '41' });
    expect(asked).toEqual([byId]);
    expect(summary).toMatch(/- Queue: the job waited 1[23] s for its runner\./);
    expect(summary).toMatch(/\| ▆ \| burn \| [█▌░]+ \| .* so far \| \d+ % \| \d+ % \|/);
    expect(summary).toContain('|  | npm ci |  | – | not run | – | – | – |');
    expect(report).toMatchObject({ queueSeconds: expect.any(Number), stepKinds: [{ kind: 'other' }] });
  });

  it('uses the list of the attempt when the id is empty, as on old servers', async () => {
    const { asked, summary } = await launchWith([jobOf()]);
    expect(asked).toEqual([byList]);
    expect(summary).toContain('| burn |');
  });

  it.each([
    ['of another run', jobOf({ run_id: 5 })],
    ['of another attempt', jobOf({ run_attempt: 2 })],
    ['of another runner', jobOf({ runner_name: 'runner-2' })],
    ['unknown', jobOf({ id: 40, runner_name: 'runner-2' })],
  ])('does not believe an id that is %s, and uses the list', async (_title, other) => {
    const { asked, summary } = await launchWith([other, jobOf({ id: 43, name: 'own' })], { id: '41' });
    expect(asked).toEqual([byId, byList]);
    expect(summary).toContain('| burn |');
  });

  it('reports no steps, and never those of a wrong job, if it cannot tell which is its own', async () => {
    const jobs = [jobOf({ name: 'one' }), jobOf({ id: 42, name: 'two' })];
    const { job, summary, report } = await launchWith(jobs);
    expect(summary).toContain('Steps: unknown, because GitHub does not list exactly one job of this run');
    expect(summary).not.toContain('burn');
    expect(report).not.toHaveProperty('queueSeconds');
    expect(report?.summary.samples).toBeGreaterThanOrEqual(5);
    expect(job.posts[0]?.annotations).toEqual([]);
  });

  it('names the missing permission, and reports the rest', async () => {
    const { job, summary } = await launchWith([jobOf()], { token: 'may-not', id: '41' });
    expect(summary).toMatch(/Steps: unknown, because .*'actions: read'/);
    expect(summary).toContain('xychart-beta');
    expect(job.posts[0]?.annotations).toEqual([]);
  });

  it('does not read the list for each job of a large matrix', async () => {
    const { asked, summary } = await launchWith([jobOf()], { charts: 'text' });
    expect(asked).toEqual([]);
    expect(summary).toMatch(/^### Job metrics\n\n\| CPU of this job, mean \|/);
    const known = await launchWith([jobOf()], { charts: 'text', id: '41' });
    expect(known.asked).toEqual([byId]);
  });
});

it('report-job-metrics sets queue-seconds with when: now', async () => {
  const simulator = await startSimulator({
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1, name: 'app', private: true }],
    runs: [{ id: runId, status: 'in_progress' }],
    jobs: [jobOf()],
    tokens: { 'may-read': { permissions: { actions: 'read', contents: 'read' } } },
  });
  const steps = [open, burnUntil(1), { action, with: { when: 'now' } }];
  const env = { GITHUB_API_URL: simulator.url };
  const job = await launchJob({ steps, env, token: 'may-read', checkRunId: '41' });
  expect(Number(job.steps[2]?.outputs['queue-seconds'])).toBeCloseTo(12, 1);
  await simulator.stop();
});
