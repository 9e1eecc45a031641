import { describe, expect, it } from 'vitest';
import { isQuiet } from '../src/quiet-hours.ts';

const berlin = { from: 22 * 60, to: 7 * 60, zone: 'Europe/Berlin' };
const at = (text: string) => Date.parse(text);

describe('quiet hours', () => {
  it.each([
    ['2026-01-10T21:00:00Z', true, 'they begin, 22:00 in Berlin'],
    ['2026-01-10T20:59:00Z', false, 'a minute before'],
    ['2026-01-11T01:00:00Z', true, 'after midnight'],
    ['2026-01-11T06:00:00Z', false, 'they end, 07:00 in Berlin'],
    ['2026-01-11T12:00:00Z', false, 'at noon'],
  ])('across midnight at %s are %s: %s', (time, expected) => {
    expect(isQuiet(berlin, at(time))).toBe(expected);
  });

  it('end at seven by the clock on the wall, also in the night of a change to summer time', () => {
    // On 2026-03-29 the clocks in Berlin go from 02:00 to 03:00: 07:00 is 05:00 UTC, and was 06:00 UTC the day before.
    expect(isQuiet(berlin, at('2026-03-28T05:30:00Z'))).toBe(true);
    expect(isQuiet(berlin, at('2026-03-29T04:59:00Z'))).toBe(true);
    expect(isQuiet(berlin, at('2026-03-29T05:00:00Z'))).toBe(false);
    // And back on 2026-10-25.
    expect(isQuiet(berlin, at('2026-10-25T05:30:00Z'))).toBe(true);
    expect(isQuiet(berlin, at('2026-10-25T06:00:00Z'))).toBe(false);
  });

  it('within one day contain their start and not their end', () => {
    const lunch = { from: 12 * 60, to: 13 * 60, zone: 'UTC' };
    const times = ['11:59', '12:00', '12:59', '13:00', '00:00'];
    expect(times.map((time) => isQuiet(lunch, at(`2026-01-10T${time}:00Z`)))).toEqual([
      ...[false, true, true, false, false],
    ]);
  });

  it('are never without a setting', () => {
    expect(isQuiet(undefined, at('2026-01-11T01:00:00Z'))).toBe(false);
  });
});
