import type { Order } from './scheme.ts';

/** Compares two texts of digits as numbers of any size. An empty text counts as 0. */
export function compareDigits(one: string, other: string): Order {
  const [a, b] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')];
  return order(a.length - b.length) || compareText(a, b);
}

/** Compares two texts by the codes of their characters. */
export function compareText(one: string, other: string): Order {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Returns the sign of a difference. */
export function order(difference: number): Order {
  if (difference === 0) return 0;
  return difference < 0 ? -1 : 1;
}

/** Compares dotted numbers, position by position. A missing number counts as 0. */
export function compareNumbers(one: readonly string[], other: readonly string[]): Order {
  return compareLists(one, other, (a = '', b = '') => compareDigits(a, b));
}

/** Compares two lists, position by position. Behind the end of a list, `compare` gets `undefined`. */
export function compareLists<T>(
  one: readonly T[],
  other: readonly T[],
  compare: (one: T | undefined, other: T | undefined) => Order,
): Order {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const result = compare(one[index], other[index]);
    if (result !== 0) return result;
  }
  return 0;
}

/** Whether dotted numbers begin with those of the bound. A missing number counts as 0, so 3 begins with 3.0. */
export function beginsWithNumbers(numbers: readonly string[], bound: readonly string[]): boolean {
  return compareNumbers(numbers.slice(0, bound.length), bound) === 0;
}

/**
 * Whether a text begins with a prefix that ends at the end of a number or of a word: `3.0` and `3+dfsg` begin with `3`,
 * `30` does not.
 */
export function beginsWithText(text: string, prefix: string): boolean {
  if (!text.startsWith(prefix)) return false;
  const [last = '', next = ''] = [prefix.at(-1), text[prefix.length]];
  return !(isDigit(last) && isDigit(next)) && !(isLetter(last) && isLetter(next));
}

/** Returns the dotted numbers at the start of a text, or an empty list. */
export function leadingNumbers(text: string): string[] {
  return /^\d+(?:\.\d+)*/.exec(text)?.[0].split('.') ?? [];
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isLetter(character: string): boolean {
  return /^[A-Za-z]$/.test(character);
}
