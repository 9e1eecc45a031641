import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { pathOf } from './path.ts';
import { fields, type Repository } from './runners.ts';

/**
 * Returns the name of a repository's default branch. Sends one request. Needs `Metadata: read`, which every token has.
 * @throws GitHubFailure
 */
export async function defaultBranch(github: GitHub, { owner, name }: Repository): Promise<string> {
  const route = '/repos/{owner}/{repo}';
  const parameters = { owner, repo: name };
  const branch = fields(await github.get(route, parameters))['default_branch'];
  if (typeof branch === 'string' && branch !== '') return branch;
  throw new GitHubFailure(
    'invalid-response',
    `${pathOf(route, parameters)}: the response has no default branch`,
  );
}
