import { type Fleet, type FleetJob, type FleetStep, type Simulator, startSimulator } from '../src/index.ts';
import type { Scenario } from './scenarios.ts';

/** The simulator with the scenario's fleet: three machines of the organization, and a token that may list them. */
export async function openGitHub(scenario: Scenario): Promise<Simulator> {
  const simulator = await startSimulator(fleetOf(scenario));
  if (scenario.apiDown) simulator.fault({ kind: 'status', status: 503, match: '.' });
  return simulator;
}

function fleetOf({ runners }: Scenario): Fleet {
  return {
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1296269, name: 'app', private: true }],
    runner_groups: [{ id: 1, name: 'Default', visibility: 'all', default: true }],
    organization_runners: runners.map(({ name, online, busy, labels }, index) => ({
      id: index + 1,
      name,
      status: online ? 'online' : 'offline',
      busy,
      labels,
      runner_group_id: 1,
    })),
    tokens: {
      'admin-token': { permissions: { administration: 'read', organization_self_hosted_runners: 'read' } },
      'github-token': { permissions: { actions: 'read', contents: 'read' } },
    },
  };
}

/** Lets GitHub know how far the job is, as its runner does: a step is told when it starts, and those before it have ended. */
export function followJob(github: Simulator, names: readonly string[]) {
  const steps: FleetStep[] = names.map((name, index) => ({
    ...{ name, number: index + 1, status: 'queued', conclusion: null },
  }));
  const tell = () => {
    const run = { id: runId, status: 'in_progress' };
    const job: FleetJob = {
      ...{ id: 1, run_id: runId, name: 'build', status: 'in_progress', runner_id: 1 },
      ...{ runner_name: 'runner-1', steps: structuredClone(steps) },
    };
    github.setFleet({ ...github.fleet(), runs: [run], jobs: [job] });
  };
  tell();
  return (started: number): void => {
    // GitHub tells whole seconds.
    const now = new Date().toISOString().replace(/\.\d+/, '');
    for (const [index, step] of steps.entries()) {
      if (index < started && step.status !== 'completed')
        Object.assign(step, {
          ...{ status: 'completed', conclusion: step.started_at === undefined ? 'skipped' : 'success' },
          ...{ started_at: step.started_at ?? now, completed_at: now },
        });
      if (index === started) Object.assign(step, { status: 'in_progress', started_at: now });
    }
    tell();
  };
}

/** What the launcher says of the run. */
const runId = 30433642;
