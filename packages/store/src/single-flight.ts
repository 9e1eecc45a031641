import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '@runner-actions/core';
import { ownerOf } from '@runner-actions/host';
import { digest, folderOf, type Space } from './space.ts';
import { releaseLock, takeLock, touchLock } from './lock.ts';
import type { Store } from './store.ts';

/** Of a holder whose process cannot be seen, as in another container: after so long without a sign it is taken for dead. */
const silence = 120_000;

interface Flight<T> {
  /** What there is by now: another may have done the work since this one looked. */
  look: () => T | undefined;
  work: () => Promise<T>;
  deadline: Deadline;
  /** For people: who does it. */
  purpose: string;
  /** Is told once where another job is at it. */
  onWait: () => void;
}

/**
 * Of the jobs of this machine that want an entry at once, the first does the work; the others wait until it is done, and look
 * again. Who waited for as long as the work may take does it as well: nobody waits for ever.
 */
export async function singleFlight<T>(
  store: Store,
  space: Space,
  key: string,
  { look, work, deadline, purpose, onWait }: Flight<T>,
): Promise<T> {
  const lock = join(store.root, 'locks', `flight-${digest([folderOf(space), key])}`);
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
