import type { GitHub } from './client.ts';
import { type Pages, pagesOf } from './pages.ts';

/** A self-hosted runner in GitHub's list. Source: REST API, "List self-hosted runners for a repository". */
export interface Runner {
  id: number;
  name: string;
  online: boolean;
  busy: boolean;
  /** Empty for the runners of some scale sets: GitHub matches them by the name of the scale set. */
  labels: string[];
  /** Whether the runner takes one job only. */
  ephemeral: boolean;
  /** `undefined` if the response has no group, for example for runners of a repository. */
  groupId: number | undefined;
  /** `undefined` if GitHub does not report it. */
  version: string | undefined;
}

export interface RunnerGroup {
  id: number;
  name: string;
  /** Whether the enterprise shares the group. */
  inherited: boolean;
  allowsPublicRepositories: boolean;
  /** Whether only selected workflows may use the group. */
  restrictedToWorkflows: boolean;
  /** The selected workflows, in the form `owner/repo/.github/workflows/file.yml@ref`. */
  selectedWorkflows: string[];
}

export interface Repository {
  owner: string;
  name: string;
}

/** Returns whether a runner has all the labels. Ignores upper and lower case, as GitHub does. */
export function hasLabels(runner: { labels: readonly string[] }, wanted: readonly string[]): boolean {
  const own = new Set(runner.labels.map((label) => label.toLowerCase()));
  return wanted.every((label) => own.has(label.toLowerCase()));
}

/**
 * Lists the runners of a repository, page by page. Needs `Administration: read` of the repository.
 * @throws GitHubFailure
 */
export function repositoryRunners(github: GitHub, { owner, name }: Repository): Pages<Runner> {
  return pagesOf(
    github,
    '/repos/{owner}/{repo}/actions/runners',
    { owner, repo: name },
    'runners',
    readRunner,
    { isLive: true },
  );
}

/**
 * Lists the runners of an organization, page by page. Needs `Self-hosted runners: read` of it.
 * @throws GitHubFailure
 */
export function organizationRunners(github: GitHub, organization: string): Pages<Runner> {
  const route = '/orgs/{org}/actions/runners';
  return pagesOf(github, route, { org: organization }, 'runners', readRunner, { isLive: true });
}

/**
 * Lists the runner groups that the repository may use, page by page. Needs `Self-hosted runners: read` of the
 * organization.
 * @throws GitHubFailure
 */
export function visibleRunnerGroups(github: GitHub, { owner, name }: Repository): Pages<RunnerGroup> {
  const route = '/orgs/{org}/actions/runner-groups';
  return pagesOf(github, route, { org: owner, visible_to_repository: name }, 'runner_groups', readGroup);
}

/**
 * Lists the runner groups that an enterprise shares with an organization, page by page. Their ids are not those of the
 * organization. Needs a classic token with `manage_runners:enterprise`.
 * @throws GitHubFailure
 */
export function enterpriseGroups(
  github: GitHub,
  enterprise: string,
  organization: string,
): Pages<RunnerGroup> {
  const route = '/enterprises/{enterprise}/actions/runner-groups';
  const parameters = { enterprise, visible_to_organization: organization };
  return pagesOf(github, route, parameters, 'runner_groups', readGroup);
}

/**
 * Lists the runners of one group of an enterprise, page by page. Needs a classic token with
 * `manage_runners:enterprise`.
 * @param group the id of the group in the enterprise
 * @throws GitHubFailure
 */
export function enterpriseGroupRunners(github: GitHub, enterprise: string, group: number): Pages<Runner> {
  const route = '/enterprises/{enterprise}/actions/runner-groups/{runner_group_id}/runners';
  const parameters = { enterprise, runner_group_id: group };
  return pagesOf(github, route, parameters, 'runners', readRunner, { isLive: true });
}

function readRunner(item: unknown): Runner | undefined {
  const { id, name, status, busy, labels, ephemeral, runner_group_id: groupId, version } = fields(item);
  if (typeof id !== 'number' || typeof name !== 'string' || typeof status !== 'string') return undefined;
  if (typeof busy !== 'boolean' || !Array.isArray(labels)) return undefined;
  const names = labels
    .map((label: unknown) => fields(label)['name'])
    .filter((text) => typeof text === 'string');
  return {
    id,
    name,
    online: status === 'online',
    busy,
    labels: names,
    ephemeral: ephemeral === true,
    groupId: typeof groupId === 'number' ? groupId : undefined,
    version: typeof version === 'string' ? version : undefined,
  };
}

function readGroup(item: unknown): RunnerGroup | undefined {
  const group = fields(item);
  const { id, name, selected_workflows: workflows } = group;
  if (typeof id !== 'number' || typeof name !== 'string') return undefined;
  return {
    id,
    name,
    inherited: group['inherited'] === true,
    allowsPublicRepositories: group['allows_public_repositories'] === true,
    restrictedToWorkflows: group['restricted_to_workflows'] === true,
    selectedWorkflows: Array.isArray(workflows) ? workflows.filter((one) => typeof one === 'string') : [],
  };
}

/** Returns the fields of an object; an empty object for any other value. */
export function fields(item: unknown): Record<string, unknown> {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
}
