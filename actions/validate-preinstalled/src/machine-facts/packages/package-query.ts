import type { Deadline } from '@runner-actions/core';

/** What a reader of packages needs. */
export interface PackageQuery {
  /** The environment of probes: no secrets, messages in English. */
  environment: Record<string, string | undefined>;
  deadline: Deadline;
  /** The names that will be asked. Managers that answer a few names faster than all are asked for these. */
  names: readonly string[];
}
