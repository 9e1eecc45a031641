import type { Deadline, Job } from '@runner-actions/core';
import type { Clock } from '@runner-actions/github';
import type { Pool } from '../ask/pool.ts';
import type { History } from './history-io.ts';

/** What there is to ask with. */
export interface Means {
  job: Job;
  token: string | undefined;
  runnerToken: string | undefined;
  deadline: Deadline;
  history: History;
  /** All that may be looked at: each heartbeat among them is sure of its call. */
  pools: readonly Pool[];
  /** Answers of an earlier look, for whoever polls. */
  known: Map<string, { etag: string; value: unknown }>;
  clock: Clock;
}
