import type { Job } from '@runner-actions/core';
import { type GitHub, GitHubFailure, isUserOwned } from '@runner-actions/github';

interface Payload {
  repository?: { private?: boolean; owner?: { type?: string } };
  enterprise?: { slug?: unknown };
}

/** Returns the payload's facts about the repository and its owner. */
export function payloadOf(job: Job): Payload {
  return (job.payload() as Payload | undefined) ?? {};
}

/** Returns the slug of the enterprise; `undefined` if the payload has none. */
export function enterpriseOf(job: Job): string | undefined {
  const slug = payloadOf(job).enterprise?.slug;
  return typeof slug === 'string' && slug !== '' ? slug : undefined;
}

/**
 * Returns whether a user owns the repository. If the payload does not name the owner's type, the function requests it
 * from GitHub; `false` if that fails.
 */
export async function isOfUser(github: GitHub, job: Job): Promise<boolean> {
  const owner = payloadOf(job).repository?.owner?.type;
  try {
    return owner === undefined ? await isUserOwned(github, job.repository) : owner === 'User';
  } catch (error) {
    if (error instanceof GitHubFailure) return false;
    throw error;
  }
}
