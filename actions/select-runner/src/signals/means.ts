import type { Deadline, Job } from '@runner-actions/core';
import type { Known } from '@runner-actions/github';
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
  /** From an earlier look as well, for whoever polls. */
  known: Known;
}
