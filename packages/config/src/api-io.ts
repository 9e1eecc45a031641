import { fileContents, type GitHub, GitHubFailure, type Repository } from '@runner-actions/github';
import type { Fetched, FilePlace, Files } from './files.ts';
import { decode } from './text-io.ts';

export interface ApiFiles {
  /** `undefined`: there is no token, and nothing is asked. */
  github: GitHub | undefined;
  /** `owner/name` of this repository. */
  repository: string;
  /** What governs this run; `undefined`: the default branch. */
  ref: string | undefined;
}

/** Files through GitHub's API: this repository's at the ref that governs, others' at their own. */
export function apiFiles({ github, repository, ref }: ApiFiles): Files {
  const read = async (place: FilePlace): Promise<Fetched> => {
    const full = place.repository ?? repository;
    const [owner = '', name = ''] = full.split('/');
    if (github === undefined || name === '')
      return { kind: 'unknown', why: wanted('no token was given', full) };
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

/** A 404 is an answer where the token sees the repository; a token of another one gets it for whatever is asked. */
async function explainMissing(github: GitHub, { owner, name }: Repository, full: string): Promise<Fetched> {
  try {
    await github.get('/repos/{owner}/{repo}', { owner, repo: name });
    return { kind: 'missing', why: 'there is no such file' };
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return explain(error, full);
  }
}

/** Of another repository, a 404 may as well be a missing permission. */
function explain(failure: GitHubFailure, full: string): Fetched {
  const about = ['not-found', 'forbidden', 'unauthorized'].includes(failure.kind);
  return { kind: 'unknown', why: about ? wanted(failure.message, full) : failure.message };
}

function wanted(why: string, repository: string): string {
  return `${why}. It takes a token with 'contents: read' on ${repository}, in the input 'token'; github.token reads its own repository and public ones only`;
}
