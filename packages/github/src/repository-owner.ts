import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { fields, type Repository } from './runners.ts';

/**
 * Whether the repository belongs to a user, who has no organization to ask. That an organization cannot be found does not
 * say so: a token that may not see its runners gets a 404 as well. One call. Needs `Metadata: read`, as every token has.
 * @throws GitHubFailure
 */
export async function isUsersRepository(github: GitHub, { owner, name }: Repository): Promise<boolean> {
  const route = '/repos/{owner}/{repo}';
  const { type } = fields(fields(await github.get(route, { owner, repo: name }))['owner']);
  if (typeof type !== 'string') throw new GitHubFailure('invalid-response', `${route}: no type of owner`);
  return type === 'User';
}
