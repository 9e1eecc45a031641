import type { Job } from '@runner-actions/core';
import {
  type GitHub,
  GitHubFailure,
  type Runner,
  type RunnerGroup,
  visibleRunnerGroups,
} from '@runner-actions/github';
import { payloadOf } from './event-payload.ts';

/** The runner groups of an organization that a workflow may use. */
export interface Groups {
  /** Ids of the groups that the workflow may use; `undefined` if the groups could not be read. */
  ids: ReadonlySet<number> | undefined;
  /** Id of each group, by its name in lower case. */
  byName: ReadonlyMap<string, number>;
  /** Whether this repository may be able to use runners of the enterprise. */
  mayInherit: boolean;
  failure?: GitHubFailure;
}

/**
 * Reads the groups that this workflow may use. Source: GitHub's page "Managing access to self-hosted runners using
 * groups".
 */
export async function readGroups(github: GitHub, job: Job): Promise<Groups> {
  const isPublic = payloadOf(job).repository?.private === false;
  const workflow = workflowNames(job);
  const [ids, byName] = [new Set<number>(), new Map<string, number>()];
  let mayInherit = false;
  try {
    for await (const groups of visibleRunnerGroups(github, job.repository)) {
      for (const group of groups) {
        byName.set(group.name.toLowerCase(), group.id);
        if (!mayUse(group, isPublic, workflow)) continue;
        ids.add(group.id);
        mayInherit ||= group.inherited;
      }
    }
    return { ids, byName, mayInherit };
  } catch (error) {
    if (error instanceof GitHubFailure) return { ids: undefined, byName, mayInherit: true, failure: error };
    throw error;
  }
}

function mayUse(group: RunnerGroup, isPublic: boolean, workflow: ReadonlySet<string>): boolean {
  if (isPublic && !group.allowsPublicRepositories) return false;
  return (
    !group.restrictedToWorkflows || group.selectedWorkflows.some((name) => workflow.has(name.toLowerCase()))
  );
}

/**
 * Returns the names that a group may use for this workflow: with the full or short name of its branch or tag, or with
 * its commit.
 */
function workflowNames({ environment }: Job): ReadonlySet<string> {
  const [path = '', ref = ''] = (environment['GITHUB_WORKFLOW_REF'] ?? '').split('@', 2);
  const refs = [ref, ref.replace(/^refs\/(heads|tags)\//, ''), environment['GITHUB_WORKFLOW_SHA'] ?? ''];
  return new Set(refs.filter((one) => one !== '').map((one) => `${path}@${one}`.toLowerCase()));
}

export function isVisible(runner: Runner, visible: ReadonlySet<number> | undefined): boolean {
  return visible === undefined || runner.groupId === undefined || visible.has(runner.groupId);
}

export function isOfGroup({ groupId }: Runner, group: string | undefined, { byName }: Groups): boolean {
  return group === undefined || (groupId !== undefined && byName.get(group.toLowerCase()) === groupId);
}
