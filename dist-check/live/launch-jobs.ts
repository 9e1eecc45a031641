// Runs the jobs of live-check.yml with our launcher, to learn what we expect of GitHub.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createRuntimeToken,
  type JobStep,
  launchJob,
  type Simulator,
  startCacheService,
} from '@runner-actions/testing';
import { parse } from 'yaml';
import { root } from '../actions.ts';
import type { SeenJob } from './compare-jobs.ts';
import { recordsIn } from './record.ts';
import { simulatedSubject } from './simulated-github.ts';

interface Job {
  name: string;
  outputs?: Record<string, string>;
  steps: {
    id?: string;
    name: string;
    if?: string;
    uses?: string;
    run?: string;
    with?: Record<string, unknown>;
  }[];
}

export const workflowPath = join(root, '.github/workflows/live-check.yml');

/**
 * What our pages promise about steps that the launcher cannot run: actions/cache finds an entry that
 * restore-local-cache saved.
 */
const promised = { 'steps.foreign.outputs.cache-hit': 'true' };

/** Runs the jobs that the launcher can run, with one cache service. @param machines `hosted`, `own` or both */
export async function launchJobs(simulator: Simulator, machines: readonly string[]): Promise<SeenJob[]> {
  const { jobs } = parse(readFileSync(workflowPath, 'utf8')) as { jobs: Record<string, Job> };
  const cache = await startCacheService();
  const run = (id: string, machine: string): Promise<SeenJob> =>
    launch(jobs[id] as Job, machine, { ...cache.env, GITHUB_API_URL: simulator.url });
  const runOn = async (machine: string): Promise<SeenJob[]> => [
    await run('machine', machine),
    await run('cache', machine),
  ];
  try {
    const first = await Promise.all([run('outputs', 'hosted'), run('failing', 'hosted')]);
    return [...first, ...(await Promise.all(machines.map(runOn))).flat()];
  } finally {
    await cache.stop();
  }
}

async function launch(job: Job, machine: string, env: Record<string, string>): Promise<SeenJob> {
  // A step without an id prepares the machine. The others are what is compared.
  const steps = job.steps.filter(
    ({ id, uses }) => id !== undefined && (uses === undefined || uses.startsWith('./')),
  );
  const result = await launchJob({
    ...{ steps: steps.map(toStep), outputs: job.outputs ?? {}, token: 'job-token' },
    environment: machine === 'own' ? 'self-hosted' : 'github-hosted',
    contexts: { 'matrix.machine': machine, ...promised },
    env: {
      ...env,
      ...{ GITHUB_RUN_ID: simulatedSubject.runId, GITHUB_EVENT_NAME: 'workflow_dispatch' },
      ACTIONS_RUNTIME_TOKEN: createRuntimeToken([{ Scope: 'refs/heads/main', Permission: 3 }]),
    },
  });
  const nameOf = (id = ''): string => steps.find((step) => step.id === id)?.name ?? id;
  const all = [...result.steps, ...result.posts];
  return {
    name: job.name.replace('${{ matrix.machine }}', machine),
    steps: all.map(({ id, phase, outcome }) => ({
      name: `${phase === 'post' ? 'Post ' : ''}${nameOf(id)}`,
      conclusion: outcome,
    })),
    records: all.flatMap(({ log }) => recordsIn(log)),
    ...(job.outputs === undefined ? {} : { outputs: result.outputs }),
  };
}

function toStep({
  id = '',
  uses,
  run = '',
  with: inputs = {},
  if: condition,
}: Job['steps'][number]): JobStep {
  const settings = {
    id,
    ...(condition === undefined ? {} : { if: condition.replace(/^\$\{\{\s*|\s*\}\}$/g, '') }),
  };
  if (uses === undefined) return { ...settings, run: ['bash', '-e', '-o', 'pipefail', '-c', run] };
  const given = Object.entries(inputs).map(([name, value]) => [name, String(value)] as const);
  return { ...settings, action: join(root, uses), with: Object.fromEntries(given) };
}
