import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { pathOf } from './path.ts';
import { fields, type Repository } from './runners.ts';

/**
 * Returns whether a repository belongs to a user and not to an organization. A 404 for the organization's runners
 * does not prove that: a token without permission to see the runners gets a 404 as well. Sends one request. Needs
 * `Metadata: read`, which every token has.
 * @throws GitHubFailure
 */
export async function isUserOwned(github: GitHub, { owner, name }: Repository): Promise<boolean> {
  const route = '/repos/{owner}/{repo}';
  const parameters = { owner, repo: name };
  const { type } = fields(fields(await github.get(route, parameters))['owner']);
  if (typeof type !== 'string')
    throw new GitHubFailure(
      'invalid-response',
      `${pathOf(route, parameters)}: the response has no owner type`,
    );
  return type === 'User';
}
