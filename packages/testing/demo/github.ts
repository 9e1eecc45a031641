import { type Fleet, type Simulator, startSimulator } from '../src/index.ts';
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
