import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import { pause } from './clock.ts';
import { safePath, withSafePaths } from './safe-paths.ts';
import { digest } from './space.ts';
import type { Store } from './store.ts';
import { releaseLock, takeLock } from './lock.ts';

/** Milliseconds after which a lock is stale if its process cannot be checked. No process holds one this long. */
const maxHoldTime = 60_000;
/** Milliseconds between two attempts, and the number of attempts. */
const [retryInterval, maxTries] = [5, 200];

/**
 * Lets one process at a time remove an entry, take a hold on it, or put a copy into it. `act` must be short: checks and
 * renames only.
 * @returns what `act` returns; `undefined` if another process did not release the lock in time
 */
export function withEntryLock<T>(store: Store, folder: string, act: () => T): T | undefined {
  return withSafePaths(() => runLocked(store, folder, act));
}

function runLocked<T>(store: Store, folder: string, act: () => T): T | undefined {
  const lock = safePath(store, join(store.root, 'locks', `entry-${digest([relative(store.root, folder)])}`));
  const mine = {
    owner: ownerOf(process.pid),
    job: randomUUID(),
    purpose: 'removing an entry, or taking a hold on it',
  };
  for (let attempt = 0; takeLock(lock, mine, maxHoldTime) !== 'taken'; attempt += 1) {
    if (attempt === maxTries) return undefined;
    pause(retryInterval);
  }
  try {
    return act();
  } finally {
    releaseLock(lock, mine);
  }
}
