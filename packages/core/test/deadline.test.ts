import { expect, it } from 'vitest';
import { type Deadline, startDeadline } from '../src/index.ts';

/** What a deadline says is left as its signal aborts. */
const leftAtTheEnd = (deadline: Deadline) =>
  new Promise<number>((seen) => {
    deadline.signal.addEventListener('abort', () => seen(deadline.remaining()), { once: true });
  });

it('a deadline whose signal aborts has nothing left, though timers fire a moment early', async () => {
  for (let round = 0; round < 50; round += 1) {
    const parent = startDeadline(3.9);
    expect(await Promise.all([parent, parent.limit(2.9)].map(leftAtTheEnd))).toEqual([0, 0]);
  }
});
