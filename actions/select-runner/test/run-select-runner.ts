import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  assertContract,
  type FaultRule,
  type Fleet,
  type FleetRunner,
  type JobOptions,
  launchJob,
  type Simulator,
  startSimulator,
} from '@runner-actions/testing';
import { afterEach } from 'vitest';
import type { Report } from '../src/report/schema.ts';

export const action = resolve(import.meta.dirname, '..');
export const labels = ['self-hosted', 'Linux', 'X64'];
/** GitHub's time. It stands still, so that ages stay exact on slow machines. */
const now = Date.now();
export const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
const stops: Simulator[] = [];
afterEach(async () => {
  for (const simulator of stops.splice(0)) {
    assertContract(simulator);
    await simulator.stop();
  }
});

export const runner = (id: number, change: Partial<FleetRunner> = {}): FleetRunner => ({
  id,
  name: `secret-name-${id}`,
  labels,
  ...change,
});

export function fleet(change: Partial<Fleet> & { runners?: FleetRunner[]; isPublic?: boolean } = {}): Fleet {
  const { runners = [], isPublic = false, ...rest } = change;
  return {
    now: ago(0),
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1296269, name: 'app', private: !isPublic, runners }],
    runner_groups: [{ id: 1, name: 'Default', visibility: 'all', default: true }],
    tokens: {
      'admin-token': { permissions: { administration: 'read', organization_self_hosted_runners: 'read' } },
      'github-token': { permissions: { actions: 'read', contents: 'read' } },
    },
    ...rest,
  };
}

export const sha = 'acb5820ced9479c074f688cc328bf03f341a511d';

interface Case {
  fleet?: Fleet;
  /** Text of the runner-config.yml. */
  config?: string;
  env?: Record<string, string>;
  /** The path in GITHUB_API_URL. */
  serverPath?: string;
  fault?: FaultRule;
  /** A change of the fleet after each request whose path with query matches. */
  meanwhile?: { after: RegExp; change: (before: Fleet) => Fleet };
  with?: Record<string, string>;
  event?: JobOptions['event'];
  /** The workflow file of the job, if it is not the file of the run. */
  workflowFile?: string;
}

const workflowRef = 'octo/app/.github/workflows/ci.yml@refs/heads/main';
const labelsFor = ({ config }: Case) => (config === undefined ? { labels: 'self-hosted, linux, x64' } : {});

function withConfig(given: Fleet, config: string | undefined): Fleet {
  if (config === undefined) return given;
  const files = { '.github/runner-config.yml': config };
  const [first, ...others] = given.repositories;
  return { ...given, repositories: [{ ...first!, files, files_at: { [sha]: files } }, ...others] };
}

/** Runs the built bundle against the simulator. */
export async function select(given: Case) {
  const simulator = await simulate(withConfig(given.fleet ?? fleet({ runners: [runner(1)] }), given.config));
  if (given.fault !== undefined) simulator.fault(given.fault);
  if (given.meanwhile !== undefined) simulator.changeAfter(given.meanwhile.after, given.meanwhile.change);
  const job = await launchJob({
    environment: 'github-hosted',
    env: {
      GITHUB_API_URL: `${simulator.url}${given.serverPath ?? ''}`,
      GITHUB_SHA: sha,
      GITHUB_WORKFLOW_REF: workflowRef,
      ...given.env,
    },
    ...(given.event === undefined ? {} : { event: given.event }),
    ...(given.workflowFile === undefined ? {} : { contexts: { 'job.workflow_ref': given.workflowFile } }),
    steps: [{ action, with: { ...labelsFor(given), 'runner-token': 'admin-token', ...given.with } }],
  });
  const step = job.steps[0];
  if (step === undefined) throw new Error('no step ran');
  const report = step.outputs['report'];
  return {
    ...step,
    requests: simulator.requests,
    report: report === undefined ? undefined : (JSON.parse(readFileSync(report, 'utf8')) as Report),
  };
}

/** Starts a simulator. After the test it is checked against the contract and stopped. */
export async function simulate(given: Fleet): Promise<Simulator> {
  const simulator = await startSimulator(given);
  stops.push(simulator);
  return simulator;
}
