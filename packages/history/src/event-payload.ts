import type { Job } from '@runner-actions/core';

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
