import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { fields } from './runners.ts';

/**
 * Returns the account that a token belongs to. Only a user's token can ask this: the token of a job and that of an App
 * get status 403. Source: REST API, "Get the authenticated user".
 * @throws GitHubFailure
 */
export async function ownAccount(github: GitHub): Promise<{ login: string; id: number }> {
  const { login, id } = fields(await github.get('/user'));
  if (typeof login === 'string' && typeof id === 'number') return { login, id };
  throw new GitHubFailure('invalid-response', '/user: the response is not an account');
}
