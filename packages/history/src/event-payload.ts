import type { Job } from '@runner-actions/core';

interface Payload {
  repository?: { private?: boolean; owner?: { type?: string } };
  enterprise?: { slug?: unknown };
}

/** What the event says of the repository and whose it is. */
export function payloadOf(job: Job): Payload {
  return (job.payload() as Payload | undefined) ?? {};
}

export function enterpriseOf(job: Job): string | undefined {
  const slug = payloadOf(job).enterprise?.slug;
  return typeof slug === 'string' && slug !== '' ? slug : undefined;
}
