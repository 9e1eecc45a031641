import { type Fleet, type FleetJob, type FleetStep, type Simulator, startSimulator } from '../src/index.ts';
import type { Scenario } from './scenarios.ts';

/** Starts a simulator with the scenario's fleet: three runners of the organization, and a token that may list them. */
export async function startGitHub(scenario: Scenario): Promise<Simulator> {
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

/**
 * Reports the progress of a job to the simulator, as the runner does to GitHub.
 * @param names the names of all steps and posts
 * @returns a function for the start of a step, which also marks all earlier steps as completed or skipped
 */
export function reportProgress(github: Simulator, names: readonly string[]) {
  const steps: FleetStep[] = names.map((name, index) => ({
    ...{ name, number: index + 1, status: 'queued', conclusion: null },
  }));
  const publish = () => {
    const run = { id: runId, status: 'in_progress' };
    const job: FleetJob = {
      ...{ id: 1, run_id: runId, name: 'build', status: 'in_progress', runner_id: 1 },
      ...{ runner_name: 'runner-1', steps: structuredClone(steps) },
    };
    github.setFleet({ ...github.fleet(), runs: [run], jobs: [job] });
  };
  publish();
  return (started: number): void => {
    // GitHub reports whole seconds.
    const now = new Date().toISOString().replace(/\.\d+/, '');
    for (const [index, step] of steps.entries()) {
      if (index < started && step.status !== 'completed')
        Object.assign(step, {
          ...{ status: 'completed', conclusion: step.started_at === undefined ? 'skipped' : 'success' },
          ...{ started_at: step.started_at ?? now, completed_at: now },
        });
      if (index === started) Object.assign(step, { status: 'in_progress', started_at: now });
    }
    publish();
  };
}

/** The value that the launcher sets as `GITHUB_RUN_ID`. */
const runId = 30433642;
