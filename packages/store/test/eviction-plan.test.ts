import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bounds, grace, planEviction } from '../src/eviction-plan.ts';
import type { Evictable } from '../src/evictables.ts';

const now = 1_800_000_000_000;
const hour = 3_600_000;
const none: Bounds = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };
const entry = (hours: number, bytes = 10, change: Partial<Evictable> = {}): Evictable => ({
  kind: 'entry',
  repository: 'octo/app',
  held: false,
  folder: `f${hours}`,
  key: 'k',
  bytes,
  files: 1,
  lastUse: now - hours * hour,
  ...change,
});
const debris = (hours: number): Evictable => ({ ...entry(hours, 0), key: undefined });
const plan = (kept: Evictable[], bounds: Partial<Bounds>, freeBytes = 1e9) =>
  planEviction(kept, { ...none, ...bounds }, { freeBytes, now }).map(({ folder, why }) => `${folder} ${why}`);

describe('planEviction', () => {
  it.each([
    ['nothing without bounds', [entry(1), entry(9999)], {}, 1e9, []],
    [
      'entries that are older than the maximum age',
      [entry(1), entry(50), entry(30)],
      { maxAge: 24 * hour },
      1e9,
      ['f50 age', 'f30 age'],
    ],
    [
      'the least recently used entries until the store fits',
      [entry(1), entry(3), entry(2)],
      { maxBytes: 15 },
      1e9,
      ['f3 size', 'f2 size'],
    ],
    [
      'entries until the disk has enough free space',
      [entry(3), entry(2), entry(1)],
      { minFreeBytes: 115 },
      100,
      ['f3 space', 'f2 space'],
    ],
    [
      'no entry that a job holds',
      [entry(30, 10, { held: true }), entry(20)],
      { maxBytes: 0 },
      1e9,
      ['f20 size'],
    ],
    [
      'only entries of a repository that exceeds its quota',
      [entry(3), entry(2), entry(9, 10, { repository: 'octo/other' })],
      { maxRepositoryBytes: 10 },
      1e9,
      ['f3 quota'],
    ],
    [
      'no entry whose last use is in the future because the clock was set back',
      [entry(-50)],
      { maxAge: 1 },
      1e9,
      [],
    ],
    ['unreadable entries after a week', [debris(24 * 8), debris(24)], {}, 1e9, ['f192 debris']],
    [
      'no entry that was used recently',
      [entry(0.1, 100)],
      { maxBytes: 1, maxAge: 1, minFreeBytes: 1e9 },
      0,
      [],
    ],
  ] as [string, Evictable[], Partial<Bounds>, number, string[]][])(
    '%s',
    (_name, kept, bounds, free, expected) => {
      expect(plan(kept, bounds, free)).toEqual(expected);
    },
  );

  const kept = fc.array(
    fc.record({
      kind: fc.constant('entry' as const),
      repository: fc.constant('octo/app'),
      held: fc.boolean(),
      folder: fc.uuid(),
      key: fc.option(fc.constant('k'), { nil: undefined, freq: 5 }),
      bytes: fc.nat(1000),
      files: fc.nat(1000),
      lastUse: fc.integer({ min: now - 40 * 24 * hour, max: now }),
    }),
  );

  it('evicts in the order of use until the rest fits, but nothing that is recent or held', () => {
    fc.assert(
      fc.property(
        kept,
        fc.nat(5000),
        fc.nat(5000),
        fc.nat(5000),
        (all, maxBytes, minFreeBytes, minFreeInodes) => {
          const gone = planEviction(
            all,
            { maxBytes, maxAge: 20 * 24 * hour, minFreeBytes, minFreeInodes },
            { freeBytes: 500, freeInodes: 500, now },
          );
          expect(gone.map(({ lastUse }) => lastUse)).toEqual(
            gone.map(({ lastUse }) => lastUse).sort((a, b) => a - b),
          );
          expect(gone.every(({ lastUse }) => now - lastUse >= grace)).toBe(true);
          const stays = all.filter(({ folder }) => !gone.some((one) => one.folder === folder));
          expect(gone.some(({ held }) => held)).toBe(false);
          const old = stays.filter(
            ({ lastUse, key, held }) => now - lastUse >= grace && key !== undefined && !held,
          );
          if (old.length === 0) return;
          expect(stays.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(maxBytes);
          expect(500 + gone.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThanOrEqual(minFreeBytes);
          expect(500 + gone.reduce((sum, { files }) => sum + files, 0)).toBeGreaterThanOrEqual(minFreeInodes);
        },
      ),
    );
  });
});
