import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import { pause } from './clock.ts';
import { safePath, withSafePaths } from './safe-paths.ts';
import { digest } from './space.ts';
import type { Store } from './store.ts';
import { releaseLock, takeLock } from './lock.ts';

/** Longer than anybody is alone with an entry: for one that was killed where nobody can see it. */
const maxHoldTime = 60_000;
/** Milliseconds between two tries, and how many there are. */
const [interval, tries] = [5, 200];

/**
 * Lets one process at a time take an entry out of its place, take hold of it in its place, or put a copy into it. What is done must
 * be short: looks and renames.
 * @returns what `act` returns; `undefined`: another process did not let go of it
 */
export function withEntryLock<T>(store: Store, folder: string, act: () => T): T | undefined {
  return withSafePaths(() => runLocked(store, folder, act));
}

function runLocked<T>(store: Store, folder: string, act: () => T): T | undefined {
  const lock = safePath(store, join(store.root, 'locks', `entry-${digest([relative(store.root, folder)])}`));
  const mine = {
    owner: ownerOf(process.pid),
    job: randomUUID(),
    purpose: 'taking an entry away, or hold of it',
  };
  for (let attempt = 0; takeLock(lock, mine, maxHoldTime) !== 'taken'; attempt += 1) {
    if (attempt === tries) return undefined;
    pause(interval);
  }
  try {
    return act();
  } finally {
    releaseLock(lock, mine);
  }
}
