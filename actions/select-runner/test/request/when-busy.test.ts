import { describe, expect, it } from 'vitest';
import { createBusyPolicy } from '../../src/request/when-busy.ts';

describe('createBusyPolicy', () => {
  it('takes jobs only as long as at least min-free runners are free', () => {
    const own = createBusyPolicy({}, { minFree: 3 });
    expect([0, 2, 3, 5].map((free) => own.capacity(free))).toEqual([0, 0, 1, 3]);
    expect([own.freeNeeded(1), own.freeNeeded(4)]).toEqual([3, 6]);
  });

  it('takes any number of jobs with when-busy: queue, even when no runner is free', () => {
    const own = createBusyPolicy({ whenBusy: 'queue' }, { minFree: 3, wait: 60_000 });
    expect([own.capacity(0), own.freeNeeded(9), own.wait]).toEqual([Number.POSITIVE_INFINITY, 0, 0]);
  });

  it.each([
    [
      'the wait of the input when both are set',
      { whenBusy: 'wait', wait: 1 },
      { whenBusy: 'queue', wait: 2 },
      1,
    ],
    ['the wait of the configuration when no input is given', {}, { whenBusy: 'wait', wait: 2 }, 2],
    [
      'no wait when the input when-busy is fallback',
      { whenBusy: 'fallback' },
      { whenBusy: 'wait', wait: 2 },
      0,
    ],
  ] as const)('uses %s', (_name, given, team, wait) => expect(createBusyPolicy(given, team).wait).toBe(wait));
});
