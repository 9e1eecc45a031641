import { expect, it } from 'vitest';
import { type Deadline, startDeadline } from '../src/index.ts';

/** Resolves with the time that a deadline reports as left at the moment its signal aborts. */
const leftAtTheEnd = (deadline: Deadline) =>
  new Promise<number>((seen) => {
    deadline.signal.addEventListener('abort', () => seen(deadline.remaining()), { once: true });
  });

it('reports no time left when the signal of a deadline aborts, even if its timer fires early', async () => {
  for (let round = 0; round < 50; round += 1) {
    const parent = startDeadline(3.9);
    expect(await Promise.all([parent, parent.limit(2.9)].map(leftAtTheEnd))).toEqual([0, 0]);
  }
});
