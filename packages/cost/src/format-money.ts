import { type Micros, microsPerUnit } from './money.ts';

/**
 * Formats money: `$1,234.50`, `-$0.012`, `12.00 EUR`. Amounts of one unit and more have cents. Smaller ones also have
 * fractions of cents, as far as they are not zero: three places from 0.1 on, four from 0.01 on, six below.
 * @param currency three letters; only dollars have a sign
 */
export function formatMoney(micros: Micros, currency = 'USD'): string {
  const text = formatSize(Math.abs(micros));
  const shown = currency === 'USD' ? `$${text}` : `${text} ${currency}`;
  return micros < 0 ? `-${shown}` : shown;
}

function formatSize(size: Micros): string {
  const places = placesFor(size);
  const perUnit = 10 ** places;
  const steps = Math.round(size / (microsPerUnit / perUnit));
  const whole = Math.floor(steps / perUnit).toLocaleString('en-US');
  return `${whole}.${withoutZeros(String(steps % perUnit).padStart(places, '0'))}`;
}

function placesFor(size: Micros): number {
  if (size >= microsPerUnit) return 2;
  if (size >= microsPerUnit / 10) return 3;
  return size >= microsPerUnit / 100 ? 4 : 6;
}

/** Removes zeros at the end, but leaves two digits: `0120` becomes `012`. */
function withoutZeros(digits: string): string {
  let end = digits.length;
  while (end > 2 && digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
