import {
  type GitHub,
  GitHubFailure,
  isUserOwned,
  organizationRunners,
  type Repository,
  repositoryRunners,
  type Runner,
} from '@runner-actions/github';
import { allPages } from './pages.ts';

/**
 * Lists all runners of a repository and its organization, in all groups.
 * @throws GitHubFailure if one of the lists cannot be read completely: the missing part might contain the runner in
 * question
 */
export async function listAllRunners(github: GitHub, repository: Repository): Promise<Runner[]> {
  const own = await allPages(repositoryRunners(github, repository));
  try {
    return [...own, ...(await allPages(organizationRunners(github, repository.owner)))];
  } catch (error) {
    // A repository of a user has no organization. Any other failure might hide a live runner.
    const isAbsent = error instanceof GitHubFailure && error.kind === 'not-found';
    if (!isAbsent || !(await isUserOwned(github, repository))) throw error;
    return own;
  }
}
