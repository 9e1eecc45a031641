import type { RunJob } from '@runner-actions/github';

/** How long the job waited for a runner. */
export interface QueueTime {
  seconds: number;
  /** Set if GitHub's times gave less than 0 seconds. */
  corrected?: true;
}

/**
 * Returns the time from the creation of the job to its start. `undefined` if one of them is unknown. A negative time
 * becomes 0: GitHub gives jobs that it copies into a new attempt their old start.
 */
export function queueTime({
  createdAt,
  isCreationUnknown,
  startedAt,
}: Pick<RunJob, 'createdAt' | 'isCreationUnknown' | 'startedAt'>): QueueTime | undefined {
  if (startedAt === undefined || isCreationUnknown) return undefined;
  const seconds = (startedAt - createdAt) / 1000;
  return seconds < 0 ? { seconds: 0, corrected: true } : { seconds };
}
