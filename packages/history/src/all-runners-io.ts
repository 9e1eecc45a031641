import type { Job } from '@runner-actions/core';
import {
  allPages,
  type GitHub,
  GitHubFailure,
  isUserOwned,
  organizationRunners,
  repositoryRunners,
  type Runner,
} from '@runner-actions/github';
import { payloadOf } from './event-payload.ts';
import { readGroups } from './runner-groups-io.ts';

/**
 * Lists all runners that could take a job of the repository: its own, those of its organization in all groups, and
 * those of the enterprise in the groups that it shares.
 * @throws GitHubFailure if one of the lists cannot be read completely: the missing part might contain the runner in
 * question
 */
export async function listAllRunners(github: GitHub, job: Job): Promise<Runner[]> {
  const { repository } = job;
  const own = await allPages(repositoryRunners(github, repository));
  if (payloadOf(job).repository?.owner?.type === 'User') return own;
  try {
    const shared = await allPages(organizationRunners(github, repository.owner));
    return [...own, ...shared, ...(await inheritedRunners(github, job))];
  } catch (error) {
    // A repository of a user has no organization. Any other failure might hide a live runner.
    const isAbsent = error instanceof GitHubFailure && error.kind === 'not-found';
    if (!isAbsent || !(await isUserOwned(github, repository))) throw error;
    return own;
  }
}

async function inheritedRunners(github: GitHub, job: Job): Promise<Runner[]> {
  // The jobs of other runs may belong to any workflow file. A group that is restricted to files may allow one of them.
  const { groups, failure } = await readGroups(github, job, []);
  if (failure !== undefined) throw failure;
  const { readInherited } = await import('./inherited-runners-io.ts');
  const inherited = await readInherited(
    github,
    job,
    groups.filter((group) => group.inherited),
  );
  const failed = inherited.find((one) => one.failure !== undefined)?.failure;
  if (failed !== undefined) throw failed;
  return inherited.flatMap(({ runners }) => runners);
}
