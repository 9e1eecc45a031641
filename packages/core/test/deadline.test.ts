import { describe, expect, it } from 'vitest';
import { type Deadline, startDeadline, withinDeadline } from '../src/index.ts';

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

describe('withinDeadline', () => {
  const deadline = (signal: AbortSignal) => ({ ...startDeadline(60_000), signal });

  it('returns what the work returns, and throws what it throws', async () => {
    const { signal } = new AbortController();
    expect(await withinDeadline(Promise.resolve(1), deadline(signal), 'late')).toBe(1);
    const failing = withinDeadline(Promise.reject(new Error('broken')), deadline(signal), 'late');
    await expect(failing).rejects.toThrow('broken');
  });

  it.each([
    ['before it begins', true],
    ['while it hangs', false],
  ])('does not wait for work whose time is over %s', async (_, isBefore) => {
    const controller = new AbortController();
    if (isBefore) controller.abort();
    const waiting = withinDeadline(new Promise(() => undefined), deadline(controller.signal), 'late');
    controller.abort();
    await expect(waiting).rejects.toThrow('late');
  });
});
