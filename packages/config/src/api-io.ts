import { fileContents, type GitHub, GitHubFailure, type Repository } from '@runner-actions/github';
import type { Fetched, FilePlace, Files } from './files.ts';
import { decode } from './text-io.ts';

export interface ApiFiles {
  /** `undefined` if there is no token. Then no request is sent. */
  github: GitHub | undefined;
  /** `owner/name` of this repository. */
  repository: string;
  /** The ref whose configuration governs this run; `undefined`: the default branch. */
  ref: string | undefined;
}

/**
 * Reads files through GitHub's API: those of this repository at `ref`, those of other repositories at the ref of
 * their place.
 */
export function apiFiles({ github, repository, ref }: ApiFiles): Files {
  const read = async (place: FilePlace): Promise<Fetched> => {
    const full = place.repository ?? repository;
    const [owner = '', name = ''] = full.split('/');
    if (github === undefined || name === '')
      return { kind: 'unknown', why: withTokenHint('no token was given', full) };
    const at = place.repository === undefined ? ref : place.ref;
    try {
      const contents = await fileContents(github, { owner, name }, place.path, at);
      if (contents.kind === 'file') return decode(contents.bytes);
      return { kind: 'wrong', expected: `a file; it is ${contents.what}` };
    } catch (error) {
      if (!(error instanceof GitHubFailure)) throw error;
      if (error.kind !== 'not-found' || place.repository !== undefined) return explain(error, full);
      return await explainMissing(github, { owner, name }, full);
    }
  };
  return { read };
}

/**
 * Explains a 404. The file is missing only if the token can see the repository: otherwise GitHub returns 404 for
 * every file.
 */
async function explainMissing(github: GitHub, { owner, name }: Repository, full: string): Promise<Fetched> {
  try {
    await github.get('/repos/{owner}/{repo}', { owner, repo: name });
    return { kind: 'missing', why: 'there is no such file' };
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return explain(error, full);
  }
}

/**
 * Explains a failure. A 404 may also mean a missing permission. For other refusals, such as single sign-on, the failure
 * has its own remedy.
 */
function explain({ kind, acceptedPermissions, message }: GitHubFailure, full: string): Fetched {
  const isPermission = kind === 'not-found' || acceptedPermissions !== undefined;
  return { kind: 'unknown', why: isPermission ? withTokenHint(message, full) : message };
}

function withTokenHint(why: string, repository: string): string {
  return `${why}. Set the input 'token' to a token with 'contents: read' on ${repository}; github.token can read only its own repository and public ones`;
}
