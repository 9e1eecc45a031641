import type { Job } from '@runner-actions/core';
import {
  allPages,
  enterpriseGroupRunners,
  enterpriseGroups,
  type FailureKind,
  type GitHub,
  GitHubFailure,
  type Runner,
  type RunnerGroup,
} from '@runner-actions/github';
import { enterpriseOf } from './event-payload.ts';

/** The runners of one group of an enterprise, or why they are unknown. */
export interface InheritedRunners {
  group: string;
  isRestricted: boolean;
  runners: readonly Runner[];
  failure?: GitHubFailure;
}

/**
 * Reads the runners of the groups that an organization inherits from its enterprise. The enterprise has other ids for
 * these groups, so they are found by their names. The runners are unknown if the event does not name the enterprise.
 * @param groups the groups as the organization lists them
 * @param allows whether the job may use a group with the restrictions that the enterprise set
 */
export async function readInherited(
  github: GitHub,
  job: Job,
  groups: readonly RunnerGroup[],
  allows: (group: RunnerGroup) => boolean = () => true,
): Promise<InheritedRunners[]> {
  if (groups.length === 0) return [];
  const enterprise = enterpriseOf(job);
  if (enterprise === undefined)
    return groups.map(({ name }) => unknown(name, 'the event does not name the enterprise'));
  const shared = await attempt(() => allPages(enterpriseGroups(github, enterprise, job.repository.owner)));
  if (shared instanceof GitHubFailure)
    return groups.map(({ name }) => unknown(name, shared.message, shared.kind));
  return Promise.all(
    groups.map(async ({ name }) => {
      const own = shared.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (own === undefined || !allows(own))
        return unknown(name, `the enterprise ${enterprise} does not list it, or restricts it`);
      const runners = await attempt(() => allPages(enterpriseGroupRunners(github, enterprise, own.id)));
      return runners instanceof GitHubFailure
        ? unknown(name, runners.message, runners.kind)
        : { group: name, isRestricted: own.restrictedToWorkflows, runners };
    }),
  );
}

function unknown(group: string, why: string, kind: FailureKind = 'incomplete'): InheritedRunners {
  const message = `the runners of the enterprise's group ${group} are unknown: ${why}`;
  return { group, isRestricted: false, runners: [], failure: new GitHubFailure(kind, message) };
}

async function attempt<T>(read: () => Promise<T>): Promise<T | GitHubFailure> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GitHubFailure) return error;
    throw error;
  }
}
