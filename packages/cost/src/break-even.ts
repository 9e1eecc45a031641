import type { HostedTotal } from './hosted-total.ts';
import { type Micros, sumMicros } from './money.ts';
import { otherCurrency } from './saving.ts';

/** Hosted minutes and an own machine, compared over the same time. Amounts in `currency`. */
export interface BreakEvenQuestion {
  currency: string;
  /** Price of the machine; 0 if it is there anyway. */
  purchase: Micros;
  /** What it costs to run over these days, without wear, which is the purchase again. */
  running: Micros;
  /** What the same jobs cost on hosted runners over these days. */
  hosted: HostedTotal;
  /** A whole number from 1. */
  days: number;
  /** Years for which the machine is used, if that is known. */
  years?: number | undefined;
}

/** When a machine has paid for itself. */
export type BreakEven =
  | {
      kind: 'day';
      /** Days after the purchase. */
      day: number;
      /** Whether jobs without a price were left out, so that it may be earlier. */
      isLatest: boolean;
      /** Whether the machine is still used on that day; `undefined` if that is not known. */
      isInUse: boolean | undefined;
    }
  | { kind: 'never' | 'unknown'; why: string };

/** Days. No machine lasts as long, and a number holds each day up to here exactly. */
const longest = 36_500n;

/**
 * Returns the first day on which hosted minutes would have cost at least as much as the machine and its running.
 * @throws RangeError if `days` is not a whole number from 1, or an amount is negative
 */
export function breakEven(question: BreakEvenQuestion): BreakEven {
  const { currency, purchase, running, hosted, days, years } = question;
  if (!Number.isSafeInteger(days) || days < 1) throw new RangeError(`days must be from 1, not ${days}`);
  if (!(purchase >= 0 && running >= 0)) throw new RangeError('purchase and running must not be negative');
  if (currency !== 'USD') return { kind: 'unknown', why: otherCurrency(currency) };
  const saved = sumMicros([hosted.cost, -running]);
  if (saved <= 0)
    return hosted.unpriced > 0
      ? { kind: 'unknown', why: `${hosted.unpriced} of the jobs have no price` }
      : { kind: 'never', why: 'to run the machine costs as much as the hosted minutes, or more' };
  const until = daysUntil(purchase, saved, days);
  if (until > longest) return { kind: 'never', why: 'it would take more than 100 years' };
  const day = Number(until);
  const isInUse = years === undefined ? undefined : day <= years * 365;
  return { kind: 'day', day, isLatest: hosted.unpriced > 0, isInUse };
}

/** Rounds up exactly: a product of millionths and days may have more digits than a number holds. */
function daysUntil(purchase: Micros, saved: Micros, days: number): bigint {
  const [owed, perPeriod] = [BigInt(purchase) * BigInt(days), BigInt(saved)];
  return (owed + perPeriod - 1n) / perPeriod;
}
