import type { Job } from '@runner-actions/core';
import {
  type GitHub,
  GitHubFailure,
  type Runner,
  type RunnerGroup,
  visibleRunnerGroups,
} from '@runner-actions/github';
import { payloadOf } from './event-payload.ts';

/** The runner groups of an organization, as far as a workflow may use them. */
export interface Groups {
  ids: ReadonlySet<number> | undefined;
  byName: ReadonlyMap<string, number>;
  /** Whether runners of the enterprise may be among those that this repository may use. */
  mayInherit: boolean;
  failure?: GitHubFailure;
}

/** The groups that this very workflow may use. Source: GitHub's page "Managing access to self-hosted runners using groups". */
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
    !group.restrictedToWorkflows || group.selectedWorkflows.some((one) => workflow.has(one.toLowerCase()))
  );
}

/** How a group may name this workflow: at its branch or tag, in full or in short, or at its commit. */
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
