import type { Fleet, FleetRunner } from '../fleet.ts';
import type { Call } from '../exchange.ts';
import { paginate } from '../pages.ts';
import type { Route } from '../route.ts';

/** https://docs.github.com/rest/actions/self-hosted-runners */
export const runnerRoutes: Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runners',
    demand: { permission: 'administration', level: 'read' },
    handle: (call) => list(call, call.repository?.runners),
  },
  {
    method: 'GET',
    path: '/orgs/{org}/actions/runners',
    demand: { permission: 'organization_self_hosted_runners', level: 'read' },
    handle: (call) => list(call, organizationRunners(call.fleet)),
  },
  {
    method: 'GET',
    path: '/enterprises/{enterprise}/actions/runners',
    // A scope of classic tokens; there is no fine-grained permission for it.
    demand: { permission: 'manage_runners:enterprise', level: 'read' },
    handle: (call) => list(call, call.fleet.enterprise_runners),
  },
];

function list(call: Call, runners: readonly FleetRunner[] = []) {
  const { name } = call.request.query;
  const wanted = name === undefined ? runners : runners.filter((runner) => runner.name === name);
  return paginate(call, 'runners', wanted, renderRunner);
}

/** The organization's runners; those of no stated group are in the default group. */
export function organizationRunners({
  organization_runners: runners = [],
  runner_groups: groups = [],
}: Fleet) {
  const home = groups.find((group) => group.default === true)?.id ?? 1;
  return runners.map((runner) => ({ ...runner, runner_group_id: runner.runner_group_id ?? home }));
}

/** A runner as GitHub lists it. The labels that GitHub itself gives are read-only, all others custom. */
export function renderRunner(runner: FleetRunner) {
  const { id, name, os = 'Linux', status = 'online', busy = false, ephemeral = false } = runner;
  const labels = runner.labels.map((label, index) => ({
    id: index + 1,
    name: label,
    type: given.has(label.toLowerCase()) ? 'read-only' : 'custom',
  }));
  const group = runner.runner_group_id === undefined ? {} : { runner_group_id: runner.runner_group_id };
  return { id, name, os, status, busy, labels, ephemeral, version: runner.version ?? null, ...group };
}

const given = new Set(['self-hosted', 'linux', 'macos', 'windows', 'x64', 'arm', 'arm64']);
