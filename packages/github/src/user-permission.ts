import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { pathOf } from './path.ts';
import { fields, type Repository } from './runners.ts';

const permissions = ['admin', 'write', 'read', 'none'] as const;

export interface UserPermission {
  /** The account that GitHub's answer is about. It may be another one than was asked for. */
  login: string;
  id: number;
  /** The role `maintain` counts as `write`, `triage` as `read`, and a custom role as the role that it is based on. */
  permission: (typeof permissions)[number];
}

/**
 * Reads which access a user has to a repository, from whatever source: repository, team, organization or enterprise.
 * Sends one request. Needs `Metadata: read`, which every token has. Source: REST API, "Get repository permissions for
 * a user".
 * @throws GitHubFailure of the kind `not-found` for an App, which is not a user
 */
export async function userPermission(
  github: GitHub,
  { owner, name }: Repository,
  username: string,
): Promise<UserPermission> {
  const route = '/repos/{owner}/{repo}/collaborators/{username}/permission';
  const parameters = { owner, repo: name, username };
  const answer = fields(await github.get(route, parameters));
  const { login, id } = fields(answer['user']);
  const permission = permissions.find((known) => known === answer['permission']);
  if (typeof login !== 'string' || typeof id !== 'number' || permission === undefined)
    throw new GitHubFailure(
      'invalid-response',
      `${pathOf(route, parameters)}: the response does not have the documented shape`,
    );
  return { login, id, permission };
}
