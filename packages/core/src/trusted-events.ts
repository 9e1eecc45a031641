/**
 * Allow lists of events. They are the only ones in this project: an event that is in none of them is not trusted. The
 * reusable workflows repeat the same rule in an expression, and a test compares the two. `workflow_call` is not
 * listed, because a called workflow sees its caller's event. Source: GitHub's page "Events that trigger workflows".
 */

/**
 * Events that only a user with write access, or GitHub itself, can trigger, and that may save to the default branch's
 * cache.
 * Source: GitHub's page "Dependency caching reference", "Cache access for low-trust workflow triggers".
 */
export const defaultCacheEvents: readonly string[] = [
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'delete',
  'registry_package',
  'page_build',
];

/** Events on a ref of this repository that only a user with write access, or GitHub itself, can trigger. */
export const writeAccessEvents: readonly string[] = [
  ...defaultCacheEvents,
  'merge_group',
  'release',
  'create',
];

/**
 * Events of deployments. A user who deploys has write access, but the deployed commit may be any commit, even one of
 * a fork. Only a branch or a tag is known to belong to this repository.
 */
export const deploymentEvents: readonly string[] = ['deployment', 'deployment_status'];

/** Events that anybody can trigger. The payload says whose code the run executes. */
export const pullRequestEvents: readonly string[] = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
];

/** Pull request events of which `labeled` is a type. */
export const labelEvents: readonly string[] = ['pull_request', 'pull_request_target'];

/**
 * Events of a run that may trigger a trusted `workflow_run`. Another `workflow_run` is not in the list, because the
 * payload names only the last run of a chain. `pull_request` is the only pull request event in the list: only the
 * author of the pull request and users of this repository can trigger it.
 */
export const workflowRunCauses: readonly string[] = [...writeAccessEvents, 'pull_request'];
