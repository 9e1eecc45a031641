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

export const action = resolve(import.meta.dirname, '..');
export const labels = ['self-hosted', 'Linux', 'X64'];
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

interface Case {
  fleet?: Fleet;
  fault?: FaultRule;
  with?: Record<string, string>;
  event?: JobOptions['event'];
}

/** Runs the built bundle against the simulator. */
export async function select(given: Case) {
  const simulator = await simulate(given.fleet ?? fleet({ runners: [runner(1)] }));
  if (given.fault !== undefined) simulator.fault(given.fault);
  const job = await launchJob({
    environment: 'github-hosted',
    env: { GITHUB_API_URL: simulator.url },
    ...(given.event === undefined ? {} : { event: given.event }),
    steps: [
      { action, with: { labels: 'self-hosted, linux, x64', 'runner-token': 'admin-token', ...given.with } },
    ],
  });
  const step = job.steps[0];
  if (step === undefined) throw new Error('no step ran');
  return { ...step, requests: simulator.requests };
}

/** A simulator that is checked against the contract and stopped after the test. */
export async function simulate(given: Fleet): Promise<Simulator> {
  const simulator = await startSimulator(given);
  stops.push(simulator);
  return simulator;
}
