import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countRivals } from '../../src/survey/rivals-io.ts';

const runs = (amount: number) =>
  Array.from({ length: amount }, (_, index) => ({ id: amount - index, status: 'queued' }));
const view = (amount: number) => {
  const all = runs(amount);
  const last = Math.floor((amount - 1) / 100) * 100;
  return {
    newest: all.slice(0, 100),
    oldest: amount > 100 ? all.slice(last) : all.slice(0, 100),
    total: amount,
  };
};

it('is exact among up to 100 runs, and leaves out what has ended', () => {
  expect(countRivals(view(5), 3)).toBe(2);
  const ended = { ...view(3), newest: runs(3).map((run) => ({ ...run, status: 'completed' })) };
  expect(countRivals({ ...ended, oldest: ended.newest }, 3)).toBe(0);
});

it('never says that fewer come first than do, however many runs there are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 450 }), fc.nat(), (amount, pick) => {
      const id = (pick % amount) + 1;
      expect(countRivals(view(amount), id)).toBeGreaterThanOrEqual(id - 1);
    }),
  );
});

it('is exact for the oldest of a rush: they get their runners', () => {
  expect(countRivals(view(1000), 1)).toBe(0);
  expect(countRivals(view(1000), 60)).toBe(59);
});
