import type { Fleet, FleetRunner } from '../fleet.ts';
import type { Call } from '../exchange.ts';
import { paginate } from '../pagination.ts';
import type { Route } from '../route.ts';

/** Source: https://docs.github.com/rest/actions/self-hosted-runners */
export const runnerRoutes: Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runners',
    requiredPermission: { permission: 'administration', level: 'read' },
    handle: (call) => list(call, call.repository?.runners),
  },
  {
    method: 'GET',
    path: '/orgs/{org}/actions/runners',
    requiredPermission: { permission: 'organization_self_hosted_runners', level: 'read' },
    handle: (call) => list(call, organizationRunners(call.fleet)),
  },
  {
    method: 'GET',
    path: '/enterprises/{enterprise}/actions/runners',
    // This is a scope of classic tokens. There is no fine-grained permission for this operation.
    requiredPermission: { permission: 'manage_runners:enterprise', level: 'read' },
    handle: (call) => list(call, call.fleet.enterprise_runners),
  },
];

function list(call: Call, runners: readonly FleetRunner[] = []) {
  const { name } = call.request.query;
  const wanted = name === undefined ? runners : runners.filter((runner) => runner.name === name);
  return paginate(call, 'runners', wanted, renderRunner);
}

/** Returns the organization's runners. A runner without a group is in the default group. */
export function organizationRunners({
  organization_runners: runners = [],
  runner_groups: groups = [],
}: Fleet) {
  const defaultGroup = groups.find((group) => group.default === true)?.id ?? 1;
  return runners.map((runner) => ({ ...runner, runner_group_id: runner.runner_group_id ?? defaultGroup }));
}

/** Renders a runner as GitHub lists it. Labels that GitHub assigns are read-only, all others are custom. */
export function renderRunner(runner: FleetRunner) {
  const { id, name, os = 'Linux', status = 'online', busy = false, ephemeral = false } = runner;
  const labels = runner.labels.map((label, index) => ({
    id: index + 1,
    name: label,
    type: githubLabels.has(label.toLowerCase()) ? 'read-only' : 'custom',
  }));
  const group = runner.runner_group_id === undefined ? {} : { runner_group_id: runner.runner_group_id };
  return { id, name, os, status, busy, labels, ephemeral, version: runner.version ?? null, ...group };
}

const githubLabels = new Set(['self-hosted', 'linux', 'macos', 'windows', 'x64', 'arm', 'arm64']);
