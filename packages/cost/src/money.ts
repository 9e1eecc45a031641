import { InvalidValue } from '@runner-actions/core';

/** Money in millionths of a currency's unit: 6000 is $0.006. A safe integer, which may be negative. */
export type Micros = number;

export const microsPerUnit = 1_000_000;

/**
 * Rounds to a whole number of millionths, halves away from zero.
 * @throws RangeError if the result is not a safe integer, since sums of it would be wrong without a word
 */
export function roundMicros(value: number): Micros {
  const rounded = Math.round(Math.abs(value));
  if (!Number.isSafeInteger(rounded)) throw new RangeError(`${value} millionths are no amount of money`);
  return value < 0 && rounded > 0 ? -rounded : rounded;
}

/** Converts an amount in units of its currency, such as 0.05 for $0.05. @throws RangeError as `roundMicros` */
export function toMicros(amount: number): Micros {
  return roundMicros(amount * microsPerUnit);
}

/** Adds amounts. @throws RangeError if the sum is not a safe integer */
export function sumMicros(amounts: readonly Micros[]): Micros {
  return amounts.reduce((sum, amount) => roundMicros(sum + amount), 0);
}

/**
 * Parses an amount that a user wrote, such as `0.006`, without the detour over binary fractions. Digits beyond the
 * sixth place are refused, since rounding would change the price.
 * @throws InvalidValue
 */
export function parseMicros(text: string, most: Micros): Micros {
  const value = /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? toMicros(Number(text)) : Number.NaN;
  if (value <= most) return value;
  throw new InvalidValue(text, `an amount from 0 to ${most / microsPerUnit} with at most six decimal places`);
}
