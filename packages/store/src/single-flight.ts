import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '@runner-actions/core';
import { ownerOf } from '@runner-actions/host';
import { digest, spacePath, type Space } from './space.ts';
import { releaseLock, takeLock, touchLock } from './lock.ts';
import type { Store } from './store.ts';

/**
 * Milliseconds without a sign of life after which a holder counts as dead if its process cannot be seen, for example in
 * another container.
 */
const silence = 120_000;

interface Flight<T> {
  /** Returns the result if another job has produced it since the caller looked. */
  look: () => T | undefined;
  work: () => Promise<T>;
  deadline: Deadline;
  /** Who does the work, for messages. */
  purpose: string;
  /** Called once if another job is doing the work. */
  onWait: () => void;
}

/**
 * Runs `work` in one job of this machine at a time: if several jobs want the same entry, the first does the work. The
 * others wait until it is done, then look again. A job that has waited until `deadline` does the work too, so that no
 * job waits forever.
 */
export async function singleFlight<T>(
  store: Store,
  space: Space,
  key: string,
  { look, work, deadline, purpose, onWait }: Flight<T>,
): Promise<T> {
  const lock = join(store.root, 'locks', `flight-${digest([spacePath(space), key])}`);
  const mine = { owner: ownerOf(process.pid), job: randomUUID(), purpose };
  let waited = false;
  while (takeLock(lock, mine, silence) !== 'taken') {
    if (!waited) onWait();
    waited = true;
    if (deadline.remaining() === 0) return work();
    await sleep(Math.min(100, deadline.remaining()));
  }
  const beat = setInterval(() => touchLock(lock), silence / 8);
  try {
    return look() ?? (await work());
  } finally {
    clearInterval(beat);
    releaseLock(lock, mine);
  }
}
