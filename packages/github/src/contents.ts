import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { pathOf } from './path.ts';
import { fields, type Repository } from './runners.ts';

/** The bytes of a file, or a description of what the path is if it is not a file that can be read as a whole. */
export type Contents = { kind: 'file'; bytes: Buffer } | { kind: 'other'; what: string };

/**
 * Reads a file of a repository. Needs `Contents: read`. GitHub returns files of up to 1 MiB.
 * Source: REST API, "Get repository content".
 * @param ref a branch, tag or commit; default: the default branch
 * @throws GitHubFailure
 */
export async function fileContents(
  github: GitHub,
  { owner, name }: Repository,
  path: string,
  ref?: string,
): Promise<Contents> {
  const route = '/repos/{owner}/{repo}/contents/{path}';
  const parameters = { owner, repo: name, path, ref };
  const answer = await github.get(route, parameters);
  if (Array.isArray(answer)) return { kind: 'other', what: 'a folder' };
  const { type, encoding, content } = fields(answer);
  if (type !== 'file' && typeof type === 'string') return { kind: 'other', what: `a ${type}` };
  if (encoding === 'none') return { kind: 'other', what: 'a file larger than 1 MiB' };
  if (encoding !== 'base64' || typeof content !== 'string')
    throw new GitHubFailure(
      'invalid-response',
      `${pathOf(route, parameters)}: the response contains no file`,
    );
  return { kind: 'file', bytes: Buffer.from(content, 'base64') };
}
