import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMoney, roundMicros, sumMicros, toMicros } from '../src/index.ts';
import { parseMicros } from '../src/money.ts';

describe('amounts of money', () => {
  it.each([
    [0.006, 6000],
    [1.005, 1_005_000],
    [-0.012, -12_000],
    [0.000_000_4, 0],
    [-0.000_000_4, 0],
    [-0.000_000_5, -1],
  ])('%d units are %d millionths', (amount, micros) => expect(toMicros(amount)).toBe(micros));

  it.each([Number.NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53)])('%d is refused', (value) =>
    expect(() => roundMicros(value)).toThrow(RangeError),
  );

  it('refuse a sum that is no longer exact', () =>
    expect(() => sumMicros([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError));

  it.each([
    ['0.006', 6000],
    ['0.010', 10_000],
    ['999', 999_000_000],
    ['0.000001', 1],
  ])('are read from %s exactly', (text, micros) => expect(parseMicros(text, 1e9)).toBe(micros));

  it.each(['', '.5', '1.', '-1', '1e-7', '0.0000001', '0x1', '1000.000001', '٣', ' 1'])(
    'are not read from %j',
    (text) => expect(() => parseMicros(text, 1e9)).toThrow('an amount from 0 to 1000'),
  );
});

describe('the formatter of money', () => {
  it.each([
    [0, '$0.00'],
    [12_000, '$0.012'],
    [6000, '$0.006'],
    [2000, '$0.002'],
    [24_600, '$0.0246'],
    [120_000, '$0.12'],
    [124_000, '$0.124'],
    [999_999, '$1.00'],
    [1_004_999, '$1.00'],
    [1_005_000, '$1.01'],
    [1_234_567_890_000, '$1,234,567.89'],
    [-12_000, '-$0.012'],
    [-34, '-$0.000034'],
    [-1_500_000, '-$1.50'],
  ])('writes %d millionths of a dollar as %s', (micros, text) => expect(formatMoney(micros)).toBe(text));

  it('writes other currencies with their letters', () => {
    expect(formatMoney(12_500_000, 'EUR')).toBe('12.50 EUR');
    expect(formatMoney(-12_500, 'EUR')).toBe('-0.0125 EUR');
  });

  it('never shows an amount as nothing, and is never off by more than half of its last digit', () =>
    fc.assert(
      fc.property(fc.maxSafeInteger(), (micros) => {
        const text = formatMoney(micros);
        const digits = text.replaceAll(/[$,]/g, '');
        const error = Math.abs(Number(digits) - micros / 1e6);
        expect(Number(digits) === 0).toBe(micros === 0);
        expect(error).toBeLessThanOrEqual(Math.abs(micros) >= 1e6 ? 0.005_001 : 0.000_501);
        expect(digits).toMatch(/^-?\d+\.\d{2,6}$/);
      }),
    ));

  it('never writes a smaller amount as a larger one', () =>
    fc.assert(
      fc.property(fc.integer(), fc.nat(2_000_000), (micros, more) => {
        const value = (amount: number) => Number(formatMoney(amount).replaceAll(/[$,]/g, ''));
        expect(value(micros + more)).toBeGreaterThanOrEqual(value(micros));
      }),
    ));
});
