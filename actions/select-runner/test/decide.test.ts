import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Policy } from '../src/decide.ts';
import type { Observation } from '../src/observation.ts';
import { count } from '../src/observation.ts';

const policy: Policy = {
  labels: ['self-hosted', 'linux'],
  fallback: 'ubuntu-latest',
  whenBusy: 'fallback',
  minFree: 1,
  onUnknown: 'fallback',
};
const trusted = { trusted: true, why: 'own' };
const seen = (matching: number, online: number, free: number, hidden = 0): Observation => ({
  kind: 'seen',
  source: 'runners-api',
  confidence: 'high',
  matching,
  online,
  free,
  hidden,
  detail: '',
});
const unknown: Observation = {
  kind: 'unknown',
  source: 'runners-api',
  reason: 'unknown',
  failed: true,
  detail: '503',
};

describe('decide', () => {
  it.each([
    ['idle', seen(3, 2, 1), {}, true],
    ['busy', seen(3, 2, 0), {}, false],
    ['busy', seen(3, 3, 2), { minFree: 3 }, false],
    ['idle', seen(3, 3, 3), { minFree: 3 }, true],
    ['online', seen(3, 2, 0), { whenBusy: 'queue' as const }, true],
    ['idle', seen(3, 2, 1), { whenBusy: 'queue' as const }, true],
    ['offline', seen(3, 0, 0), { whenBusy: 'queue' as const }, false],
    ['offline', seen(3, 0, 0), {}, false],
    ['no-match', seen(0, 0, 0), {}, false],
    ['group-not-visible', seen(0, 0, 0, 2), {}, false],
    ['unknown', unknown, {}, false],
    ['unknown', unknown, { onUnknown: 'use' as const }, true],
  ])('%s: %o with %o', (reason, observation, change, taken) => {
    const decision = decide({ ...policy, ...change }, trusted, observation);
    expect(decision).toMatchObject({ decision: 'run', reason, isSelfHosted: taken });
    expect(decision.runsOn).toEqual(taken ? ['self-hosted', 'linux'] : 'ubuntu-latest');
    expect(decision.sentence).toMatch(/^Runs on .*\.$/);
  });

  it('gives one label as a string', () => {
    expect(decide({ ...policy, labels: ['mac'] }, trusted, seen(1, 1, 1)).runsOn).toBe('mac');
  });

  it('passes fallbacks of every shape through', () => {
    for (const fallback of [['a', 'b'], { group: 'g', labels: ['l'] }]) {
      expect(decide({ ...policy, fallback }, trusted, unknown).runsOn).toEqual(fallback);
    }
    expect(decide({ ...policy, fallback: 'skip' }, trusted, unknown).decision).toBe('skip');
    expect(decide({ ...policy, fallback: 'fail' }, trusted, unknown).decision).toBe('fail');
  });

  it('fails rather than let a stranger reach a self-hosted fallback', () => {
    const decision = decide(
      { ...policy, fallback: ['self-hosted', 'old'] },
      { trusted: false, why: 'a fork' },
      seen(1, 1, 1),
    );
    expect(decision).toMatchObject({ decision: 'fail', reason: 'untrusted', isSelfHosted: false });
  });

  const anyObservation = fc.oneof(
    fc.constant(unknown),
    fc
      .tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(3))
      .map(([free, busy, offline, hidden]) => seen(free + busy + offline, free + busy, free, hidden)),
  );
  const anyPolicy = fc.record({
    labels: fc.constant(['self-hosted', 'linux']),
    fallback: fc.constantFrom('ubuntu-latest', 'fail' as const, 'skip' as const, { group: 'hosted' }),
    whenBusy: fc.constantFrom('fallback' as const, 'queue' as const),
    minFree: fc.integer({ min: 1, max: 9 }),
    onUnknown: fc.constantFrom('fallback' as const, 'use' as const),
  });

  it('never gives an untrusted run a self-hosted runner, whatever is seen', () => {
    fc.assert(
      fc.property(anyPolicy, anyObservation, (any, observation) => {
        expect(decide(any, { trusted: false, why: 'a fork' }, observation).isSelfHosted).toBe(false);
      }),
    );
  });

  it('is monotone: another free runner never moves a job away', () => {
    fc.assert(
      fc.property(anyPolicy, fc.nat(9), fc.nat(9), (any, free, busy) => {
        const before = decide(any, trusted, seen(free + busy, free + busy, free)).isSelfHosted;
        const after = decide(any, trusted, seen(free + busy + 1, free + busy + 1, free + 1)).isSelfHosted;
        expect(after || !before).toBe(true);
      }),
    );
  });

  it('counts labels without regard to case, and all of them', () => {
    const runner = (labels: string[], busy = false, online = true) => ({ id: 1, labels, busy, online });
    const runners = [
      runner(['self-hosted', 'Linux', 'X64', 'gpu']),
      runner(['self-hosted', 'linux'], true),
      runner(['SELF-HOSTED', 'LINUX'], false, false),
      runner(['self-hosted', 'macOS']),
    ];
    expect(count(runners, ['Self-Hosted', 'linux'])).toEqual({ matching: 3, online: 2, free: 1 });
  });
});
