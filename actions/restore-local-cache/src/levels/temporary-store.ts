import { join } from 'node:path';
import type { Step } from '@runner-actions/core';
import { openStore, type Store } from '@runner-actions/store';
import { withTempFolder } from './temp-folder.ts';

/**
 * Runs `act` with a store for this job only, for entries that must not stay on the disk: on hosted runners, and in runs that
 * may only read. The store is removed when the step ends.
 */
export async function withTemporaryStore<T>(step: Step, act: (store: Store) => Promise<T>): Promise<T> {
  return withTempFolder(step.job.temp, (folder) =>
    act({ ...openStore(join(folder, 'store')), temporary: true }),
  );
}
