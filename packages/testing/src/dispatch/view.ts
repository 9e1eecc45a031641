import type {
  Fleet,
  FleetJob,
  FleetRun,
  FleetRunner,
  FleetRunnerGroup,
  FleetToken,
} from '../simulator/index.ts';
import { type Group, type Machine, registered, type Scope, type World, type WorldRun } from './world.ts';

/** The token of the workflow, and the one that may list runners. */
export const tokens = { github: 'github-token', runner: 'runner-token' };
export const repository = { owner: 'octo', name: 'app', id: 1296269 };
const enterprise = 'acme';

const permissions: Record<World['sight'], NonNullable<FleetToken['permissions']>> = {
  repository: { administration: 'read' },
  organization: { organization_self_hosted_runners: 'read' },
  all: { administration: 'read', organization_self_hosted_runners: 'read' },
  enterprise: {
    administration: 'read',
    organization_self_hosted_runners: 'read',
    'manage_runners:enterprise': 'read',
  },
};

/** Returns what GitHub's API has stored about a world. */
export function viewOf(world: World, files: Record<string, string> = {}): Fleet {
  const all = registered(world).sort((one, other) => one.id - other.id);
  const listOf = (scope: Scope) => all.filter((machine) => machine.scope === scope).map(asRunner);
  return {
    now: new Date(world.now).toISOString(),
    owner: { login: repository.owner, kind: world.owner },
    ...(world.isInEnterprise ? { enterprise } : {}),
    repositories: [
      {
        id: repository.id,
        name: repository.name,
        private: !world.isPublic,
        runners: listOf('repository'),
        files,
      },
    ],
    organization_runners: listOf('organization'),
    enterprise_runners: listOf('enterprise'),
    runner_groups: world.groups.map(asGroup),
    runs: world.runs.map((run) => asRun(world, run)),
    jobs: world.runs.flatMap((run) => asJobs(world, run)),
    tokens: {
      [tokens.github]: { permissions: { actions: 'write', contents: 'read' } },
      [tokens.runner]: { permissions: permissions[world.sight] },
    },
  };
}

/** Returns the payload of the event that started the action. */
export function payloadOf({ owner, isPublic, isInEnterprise }: World): object {
  return {
    repository: { private: !isPublic, owner: { type: owner === 'user' ? 'User' : 'Organization' } },
    ...(isInEnterprise ? { enterprise: { slug: enterprise } } : {}),
  };
}

function asRunner({ id, name, groupId, labels, state, version, listed }: Machine): FleetRunner {
  return {
    id,
    name,
    status: ['dead', 'asleep'].includes(state) || listed.isOffline === true ? 'offline' : 'online',
    busy: listed.busy ?? state === 'busy',
    labels: [...(listed.labels ?? labels)],
    ...(groupId === undefined ? {} : { runner_group_id: groupId }),
    ...(version === undefined ? {} : { version }),
  };
}

function asGroup(group: Group): FleetRunnerGroup {
  return {
    id: group.id,
    name: group.name,
    visibility: group.visibility,
    default: group.id === 1,
    inherited: group.isInherited,
    allows_public_repositories: group.allowsPublic,
    selected_repositories: group.isSelected ? [repository.name] : [],
    restricted_to_workflows: group.workflows !== undefined,
    selected_workflows: [...(group.workflows ?? [])],
  };
}

function asRun({ now }: World, { id, status, age, jobs, workflow = 'ci.yml' }: WorldRun): FleetRun {
  const conclusion = status === 'completed' ? 'success' : null;
  const changes = jobs.flatMap(({ startedAge, status: state }) =>
    startedAge === undefined ? [] : [state === 'completed' ? startedAge - 2 : startedAge],
  );
  const updated = Math.max(0, Math.min(age - 1, ...changes));
  const times = { created_at: timeAgo(now, age), updated_at: timeAgo(now, updated) };
  return { id, status, conclusion, path: `.github/workflows/${workflow}`, ...times };
}

function asJobs({ now }: World, run: WorldRun): FleetJob[] {
  return run.jobs.map((job, index): FleetJob => {
    const { labels, status, startedAge, runner } = job;
    return {
      id: run.id * 10 + index,
      run_id: run.id,
      name: 'build',
      status,
      conclusion: status === 'completed' ? 'success' : null,
      labels: [...labels],
      created_at: timeAgo(now, run.age),
      ...(startedAge === undefined ? {} : { started_at: timeAgo(now, startedAge) }),
      ...(status === 'completed' ? { completed_at: timeAgo(now, (startedAge ?? 0) - 2) } : {}),
      ...(runner === undefined
        ? {}
        : { runner_id: runner.id, runner_name: runner.name, runner_group_name: runner.group }),
    };
  });
}

function timeAgo(now: number, minutes: number): string {
  return new Date(now - minutes * 60_000).toISOString();
}
