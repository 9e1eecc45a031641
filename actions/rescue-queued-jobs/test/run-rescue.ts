import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  assertContract,
  type FaultRule,
  type Fleet,
  type FleetJob,
  type FleetRun,
  launchJob,
  startSimulator,
} from '@runner-actions/testing';

export const action = resolve(import.meta.dirname, '..');
/** Other repositories do not use the pools of these tests. */
export const step = { action, with: { exclusive: 'true' } };
/** The commit of the run that rescues. */
const sha = 'acb5820ced9479c074f688cc328bf03f341a511d';
export const labels = ['self-hosted', 'Linux'];
/** GitHub's time. It stands still, so that ages stay exact on slow machines. */
const now = Date.now();
export const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

/** Creates a run with one job that has been queued for twelve minutes. */
export const stuck = (id: number, run: Partial<FleetRun> = {}, job: Partial<FleetJob> = {}) => ({
  run: { id, status: 'queued', created_at: ago(12), ...run },
  job: {
    id: id * 10,
    run_id: id,
    name: 'build',
    status: 'queued' as const,
    labels,
    created_at: ago(12),
    ...job,
  },
});

/** A job of another workflow that a runner of the pool took hours ago, after a minute. */
const earlier = {
  run: {
    ...{ id: 900, status: 'completed', conclusion: 'success', path: '.github/workflows/other.yml' },
    created_at: ago(200),
  },
  job: {
    ...{ id: 9000, run_id: 900, name: 'build', status: 'completed' as const, conclusion: 'success', labels },
    ...{ runner_id: 1, runner_name: 'r', created_at: ago(200), started_at: ago(199), completed_at: ago(190) },
  },
};

export function fleet(entries: ReturnType<typeof stuck>[], change: Partial<Fleet> = {}): Fleet {
  return {
    now: ago(0),
    owner: { login: 'octo', kind: 'organization' },
    repositories: [
      { id: 1, name: 'app', private: true, runners: [{ id: 1, name: 'r', labels, status: 'offline' }] },
    ],
    runner_groups: [{ id: 1, name: 'Default', visibility: 'all', default: true }],
    runs: [...entries.map(({ run }) => run), earlier.run],
    jobs: [...entries.map(({ job }) => job), earlier.job],
    tokens: {
      'github-token': { permissions: { actions: 'write', contents: 'read' } },
      reader: { permissions: { actions: 'read', contents: 'read' } },
      admin: { permissions: { administration: 'read', organization_self_hosted_runners: 'read' } },
    },
    ...change,
  };
}

/** Adds a runner-config.yml to the repository, at the commit of the run that rescues. */
export function withConfig(given: Fleet, config: string): Fleet {
  const [first, ...others] = given.repositories;
  const files = { '.github/runner-config.yml': config };
  return { ...given, repositories: [{ ...first!, files_at: { [sha]: files } }, ...others] };
}

/** Runs the bundled action against a simulator. */
export async function runRescue(
  given: Fleet,
  inputs: Record<string, string> = {},
  fault?: FaultRule,
  env: Record<string, string> = {},
  meanwhile?: { after: RegExp; change: (before: Fleet) => Fleet },
) {
  const simulator = await startSimulator(given);
  if (fault !== undefined) simulator.fault(fault);
  if (meanwhile !== undefined) simulator.changeAfter(meanwhile.after, meanwhile.change);
  const job = await launchJob({
    env: { GITHUB_API_URL: simulator.url, ...env },
    steps: [{ action, with: { ...step.with, ...inputs } }],
  });
  assertContract(simulator);
  await simulator.stop();
  const [ran] = job.steps;
  if (ran === undefined) throw new Error('no step ran');
  const path = ran.outputs['report'];
  const report =
    path === undefined
      ? undefined
      : (JSON.parse(readFileSync(path, 'utf8')) as {
          runs: { id: number; reason: string; why: string; result: string | null }[];
        });
  // Without those that read the configuration, which have a budget of their own.
  const requests = simulator.requests.filter(({ path: to }) => to.includes('/actions/'));
  const posts = simulator.requests
    .filter(({ method }) => method === 'POST')
    .map((request) => request.path.split('/').at(-1));
  return { ...ran, posts, after: simulator.fleet(), report, requests };
}
