import { isSameName } from '../access.ts';
import { type Call, errorReply, type Reply } from '../exchange.ts';
import type { Fleet, FleetRepository, FleetRunnerGroup } from '../fleet.ts';
import { paginate } from '../pagination.ts';
import { renderRepository } from '../render/repository.ts';
import type { Route } from '../route.ts';
import { organizationRunners, renderRunner } from './runners.ts';

const requiredPermission = { permission: 'organization_self_hosted_runners', level: 'read' } as const;
const groups = '/orgs/{org}/actions/runner-groups';
const enterprisePermission = { permission: 'manage_runners:enterprise', level: 'read' } as const;
const enterpriseGroups = '/enterprises/{enterprise}/actions/runner-groups';

/** Source: https://docs.github.com/rest/actions/self-hosted-runner-groups */
export const groupRoutes: Route[] = [
  { method: 'GET', path: groups, requiredPermission, handle: listGroups },
  { method: 'GET', path: `${groups}/{runner_group_id}/runners`, requiredPermission, handle: listRunners },
  {
    method: 'GET',
    path: `${groups}/{runner_group_id}/repositories`,
    requiredPermission,
    handle: listRepositories,
  },
  {
    method: 'GET',
    path: enterpriseGroups,
    requiredPermission: enterprisePermission,
    handle: listEnterpriseGroups,
  },
  {
    method: 'GET',
    path: `${enterpriseGroups}/{runner_group_id}/runners`,
    requiredPermission: enterprisePermission,
    handle: listEnterpriseRunners,
  },
];

/** Lists the groups that the enterprise shares with the organization: the simulated enterprise has no others. */
function listEnterpriseGroups(call: Call): Reply {
  const shared = (call.fleet.runner_groups ?? []).filter(({ inherited }) => inherited === true);
  const wanted = call.request.query.visible_to_organization ?? call.fleet.owner.login;
  const visible = isSameName(wanted, call.fleet.owner.login) ? shared : [];
  return paginate(call, 'runner_groups', visible, (group) => renderEnterpriseGroup(call, group));
}

function renderEnterpriseGroup({ fleet, request }: Call, group: FleetRunnerGroup) {
  const id = enterpriseId(group);
  const url = `${request.baseUrl}/enterprises/${fleet.enterprise}/actions/runner-groups/${id}`;
  return {
    ...commonFields(group),
    id,
    ...(group.visibility === 'selected' ? { selected_organizations_url: `${url}/organizations` } : {}),
    runners_url: `${url}/runners`,
  };
}

function listEnterpriseRunners(call: Call): Reply {
  const { fleet, parameters } = call;
  const group = (fleet.runner_groups ?? []).find(
    (one) => one.inherited === true && `${enterpriseId(one)}` === parameters.runner_group_id,
  );
  if (group === undefined) return errorReply(404, 'Not Found');
  return paginate(call, 'runners', enterpriseRunnersOf(fleet, group), renderRunner);
}

function enterpriseId({ id, enterprise_id: own = id }: FleetRunnerGroup): number {
  return own;
}

function enterpriseRunnersOf(fleet: Fleet, group: FleetRunnerGroup) {
  return (fleet.enterprise_runners ?? []).filter((one) => one.runner_group_id === enterpriseId(group));
}

function listGroups(call: Call): Reply {
  const all = call.fleet.runner_groups ?? [];
  const wanted = call.request.query.visible_to_repository;
  if (wanted === undefined) return paginate(call, 'runner_groups', all, (group) => renderGroup(call, group));
  const repository = call.fleet.repositories.find(({ name }) => isSameName(name, wanted));
  const visible = repository === undefined ? [] : all.filter((group) => canUse(group, repository));
  return paginate(call, 'runner_groups', visible, (group) => renderGroup(call, group));
}

/** Reports whether jobs of the repository may run in the group, according to its visibility and `allows_public_repositories`. */
function canUse(group: FleetRunnerGroup, repository: FleetRepository): boolean {
  const isPrivate = repository.private === true;
  if (!isPrivate && group.allows_public_repositories !== true) return false;
  if (group.visibility === 'private') return isPrivate;
  return group.visibility === 'all' || isSelected(group, repository);
}

function isSelected(group: FleetRunnerGroup, { name }: FleetRepository): boolean {
  return (group.selected_repositories ?? []).some((selection) => isSameName(selection, name));
}

function listRunners(call: Call): Reply {
  const group = findGroup(call);
  if (group === undefined) return errorReply(404, 'Not Found');
  return paginate(call, 'runners', runnersOf(call.fleet, group), renderRunner);
}

function runnersOf(fleet: Fleet, group: FleetRunnerGroup) {
  if (group.inherited === true) return enterpriseRunnersOf(fleet, group);
  return organizationRunners(fleet).filter((runner) => runner.runner_group_id === group.id);
}

function listRepositories(call: Call): Reply {
  const group = findGroup(call);
  if (group === undefined) return errorReply(404, 'Not Found');
  if (group.visibility !== 'selected')
    return errorReply(422, 'Runner group visibility is not set to selected');
  const chosen = call.fleet.repositories.filter((repository) => isSelected(group, repository));
  return paginate(call, 'repositories', chosen, (repository) => renderRepository(call, repository));
}

function findGroup({ fleet, parameters }: Call): FleetRunnerGroup | undefined {
  return (fleet.runner_groups ?? []).find(({ id }) => `${id}` === parameters.runner_group_id);
}

function renderGroup({ fleet, request }: Call, group: FleetRunnerGroup) {
  const url = `${request.baseUrl}/orgs/${fleet.owner.login}/actions/runner-groups/${group.id}`;
  return {
    ...commonFields(group),
    ...(group.visibility === 'selected' ? { selected_repositories_url: `${url}/repositories` } : {}),
    runners_url: `${url}/runners`,
    hosted_runners_url: `${url}/hosted-runners`,
    inherited: group.inherited ?? false,
  };
}

/** The fields that an organization and an enterprise report alike. */
function commonFields(group: FleetRunnerGroup) {
  return {
    id: group.id,
    name: group.name,
    visibility: group.visibility,
    default: group.default ?? false,
    allows_public_repositories: group.allows_public_repositories ?? false,
    restricted_to_workflows: group.restricted_to_workflows ?? false,
    selected_workflows: group.selected_workflows ?? [],
    workflow_restrictions_read_only: false,
  };
}
