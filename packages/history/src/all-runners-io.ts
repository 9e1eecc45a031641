import {
  type GitHub,
  GitHubFailure,
  isUsersRepository,
  organizationRunners,
  type Repository,
  repositoryRunners,
  type Runner,
} from '@runner-actions/github';
import { allPages } from './pages.ts';

/**
 * All runners of a repository and its organization, in whatever group.
 * @throws GitHubFailure where one of the lists cannot be read to its end: it might hold the very runner
 */
export async function everyRunner(github: GitHub, repository: Repository): Promise<Runner[]> {
  const own = await allPages(repositoryRunners(github, repository));
  try {
    return [...own, ...(await allPages(organizationRunners(github, repository.owner)))];
  } catch (error) {
    // A user's repository has no organization; any other failure might hide a live runner.
    const isAbsent = error instanceof GitHubFailure && error.kind === 'not-found';
    if (!isAbsent || !(await isUsersRepository(github, repository))) throw error;
    return own;
  }
}
