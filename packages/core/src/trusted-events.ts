/**
 * Which events prove who caused them. These are allow lists, the only ones in this project: an event that is in none of
 * them is not trusted. The workflows that users call state the same in an expression, and a test compares the two.
 * `workflow_call` is no event of its own: a called workflow sees its caller's. Source: GitHub's page "Events that trigger
 * workflows".
 */

/**
 * Only somebody with write access, or GitHub itself, causes them, and they may save to the default branch's cache. Source:
 * GitHub's page "Dependency caching reference", "Cache access for low-trust workflow triggers".
 */
export const cachingEvents: readonly string[] = [
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'delete',
  'registry_package',
  'page_build',
];

/** Only somebody with write access, or GitHub itself, causes them, on a ref of this repository. */
export const ownEvents: readonly string[] = [...cachingEvents, 'merge_group', 'release', 'create'];

/** Who deploys has write access, but what is deployed may be any commit, a fork's too: only a branch or a tag is known to be ours. */
export const deploymentEvents: readonly string[] = ['deployment', 'deployment_status'];

/** Anybody can cause them; the payload says whose code it is. */
export const pullRequestEvents: readonly string[] = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
];

/**
 * What the run may have been for that caused a `workflow_run`. Of a chain only the last link is told, so not another
 * `workflow_run`; and of the events of pull requests only the one that nobody but its author and this repository's people cause.
 */
export const causingEvents: readonly string[] = [...ownEvents, 'pull_request'];
