import { lstatSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSameTime, millisecondsOf, notLaterThan, settable } from '../src/times.ts';

const file = join(mkdtempSync(join(tmpdir(), 'times-')), 'file');
writeFileSync(file, '');

/** Returns the time that a file has after it was set, in nanoseconds. */
function given(nanoseconds: bigint): bigint {
  const time = settable(notLaterThan(nanoseconds));
  utimesSync(file, time, time);
  return lstatSync(file, { bigint: true }).mtimeNs;
}

const century = 3_200_000_000_000_000_000n;
const times = fc.oneof(
  fc.bigInt({ min: 0n, max: century }),
  fc.bigInt({ min: 0n, max: century / 1_000_000n }).map((milliseconds) => milliseconds * 1_000_000n),
);

it('sets a time that is the same, or earlier by less than two microseconds', () => {
  fc.assert(
    fc.property(times, (time) => {
      const found = given(time);
      expect(found <= time && time - found < 2_000n).toBe(true);
      expect(isSameTime(lstatSync(file).mtimeMs, notLaterThan(time))).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

it('keeps the order of two times', () => {
  fc.assert(
    fc.property(times, fc.bigInt({ min: 1n, max: 2_000n }), (time, more) => {
      expect(given(time) <= given(time + more)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it.each([[0n], [1n], [499_162_500n], [1_700_000_000n], [2_524_608_000n]])(
  'sets %d whole seconds exactly',
  (seconds) => {
    expect(given(seconds * 1_000_000_000n)).toBe(seconds * 1_000_000_000n);
  },
);

it.each([[-1n], [-1_500_000_001n], [-86_400_000_000_000n]])(
  'does not set a later time for %d ns, before 1970',
  (time) => {
    const found = given(time);
    expect(found <= time && time - found <= 1_000_001n).toBe(true);
  },
);

it('converts nanoseconds to the same milliseconds as Node', () => {
  fc.assert(
    fc.property(times, (time) => {
      const seconds = Number(time) / 1e9;
      utimesSync(file, seconds, seconds);
      expect(millisecondsOf(lstatSync(file, { bigint: true }).mtimeNs)).toBe(lstatSync(file).mtimeMs);
    }),
    { numRuns: 1_000 },
  );
});
