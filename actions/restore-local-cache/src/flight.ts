import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { Deadline, Step } from '@runner-actions/core';
import { ownerOf } from '@runner-actions/host';
import { digest, releaseLock, type Store, takeLock, touchLock } from '@runner-actions/store';

/** Of a holder whose process cannot be seen, as in another container: after so long without a sign it is taken for dead. */
const silence = 120_000;

/**
 * Of the jobs of this machine that want one thing at once, the first does the work; the others wait until it is done, and look
 * again. Who waited for as long as the work may take does it as well: nobody waits for ever.
 * @param look what there is by now: another may have done it since this one looked
 */
export async function singleFlight<T>(
  step: Step,
  store: Store,
  name: readonly string[],
  { look, work, deadline }: { look: () => T | undefined; work: () => Promise<T>; deadline: Deadline },
): Promise<T> {
  const lock = join(store.root, 'locks', `flight-${digest(name)}`);
  const mine = { owner: ownerOf(process.pid), job: randomUUID(), purpose: step.job.repository.fullName };
  let waited = false;
  while (takeLock(lock, mine, silence) !== 'taken') {
    if (!waited) step.log.info('Another job of this machine fetches the same; waiting for it.');
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
