import type { GitHub } from './client.ts';
import { pagesOf } from './pages.ts';

/** A self-hosted runner as GitHub lists it. Source: REST API, "List self-hosted runners for a repository". */
export interface Runner {
  id: number;
  name: string;
  online: boolean;
  busy: boolean;
  labels: string[];
  /** `undefined` where the answer has none, as for runners of a repository. */
  groupId: number | undefined;
  /** `undefined` where GitHub does not say. */
  version: string | undefined;
}

export interface RunnerGroup {
  id: number;
  name: string;
  /** Shared by the enterprise. */
  inherited: boolean;
  allowsPublicRepositories: boolean;
  /** Only workflows of a list may use it. */
  restrictedToWorkflows: boolean;
  /** Those workflows, as `owner/repo/.github/workflows/file.yml@ref`. */
  selectedWorkflows: string[];
}

export interface Repository {
  owner: string;
  name: string;
}

/** Whether a runner has all the labels; GitHub compares without regard to case. */
export function hasLabels(runner: { labels: readonly string[] }, wanted: readonly string[]): boolean {
  const own = new Set(runner.labels.map((label) => label.toLowerCase()));
  return wanted.every((label) => own.has(label.toLowerCase()));
}

/** Needs `Administration: read` of the repository. @throws GitHubFailure */
export function repositoryRunners(github: GitHub, { owner, name }: Repository): AsyncGenerator<Runner[]> {
  return pagesOf(
    github,
    '/repos/{owner}/{repo}/actions/runners',
    { owner, repo: name },
    'runners',
    readRunner,
  );
}

/** Needs `Self-hosted runners: read` of the organization. @throws GitHubFailure */
export function organizationRunners(github: GitHub, organization: string): AsyncGenerator<Runner[]> {
  return pagesOf(github, '/orgs/{org}/actions/runners', { org: organization }, 'runners', readRunner);
}

/** Needs a classic token with `manage_runners:enterprise`. @throws GitHubFailure */
export function enterpriseRunners(github: GitHub, enterprise: string): AsyncGenerator<Runner[]> {
  return pagesOf(github, '/enterprises/{enterprise}/actions/runners', { enterprise }, 'runners', readRunner);
}

/** The groups that `repository` may use. Needs `Self-hosted runners: read` of the organization. @throws GitHubFailure */
export function visibleRunnerGroups(
  github: GitHub,
  { owner, name }: Repository,
): AsyncGenerator<RunnerGroup[]> {
  const route = '/orgs/{org}/actions/runner-groups';
  return pagesOf(github, route, { org: owner, visible_to_repository: name }, 'runner_groups', readGroup);
}

function readRunner(item: unknown): Runner | undefined {
  const { id, name, status, busy, labels, runner_group_id: groupId, version } = fields(item);
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

/** An object's fields; of anything else, none. */
export function fields(item: unknown): Record<string, unknown> {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
}
