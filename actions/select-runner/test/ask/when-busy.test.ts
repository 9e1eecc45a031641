import { describe, expect, it } from 'vitest';
import { whenBusy } from '../../src/ask/when-busy.ts';

describe('whenBusy', () => {
  it('keeps runners free, and takes as many jobs as there are others', () => {
    const own = whenBusy({}, { minFree: 3 });
    expect([0, 2, 3, 5].map((free) => own.capacity(free))).toEqual([0, 0, 1, 3]);
    expect([own.enough(1), own.enough(4)]).toEqual([3, 6]);
  });

  it('takes any number into a queue, whatever is free', () => {
    const own = whenBusy({ whenBusy: 'queue' }, { minFree: 3, wait: 60_000 });
    expect([own.capacity(0), own.enough(9), own.wait]).toEqual([Number.POSITIVE_INFINITY, 0, 0]);
  });

  it.each([
    ['the input', { whenBusy: 'wait', wait: 1 }, { whenBusy: 'queue', wait: 2 }, 1],
    ['the configuration', {}, { whenBusy: 'wait', wait: 2 }, 2],
    ['nobody, where one does not wait', { whenBusy: 'fallback' }, { whenBusy: 'wait', wait: 2 }, 0],
  ] as const)('waits as %s says', (_name, given, team, wait) =>
    expect(whenBusy(given, team).wait).toBe(wait),
  );
});
