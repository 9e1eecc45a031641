import { beginsWithNumbers, compareDigits, compareLists, compareText } from '../numbers.ts';
import type { Order, Scheme } from '../scheme.ts';

/** Numbers and words. The zeros at the end of the leading numbers, and of the whole, are left out. */
type GemVersion = readonly string[];

/** The versions of Ruby's gems, where any letter makes a pre-release. Source: RubyGems' guide "Patterns". */
export const gem: Scheme<GemVersion> = {
  rule: 'by RubyGems’ rules',
  example: '~> 3.0',
  parse(text) {
    if (!/^\d+(?:\.[\dA-Za-z]+)*(?:-[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/.test(text)) return undefined;
    const pieces = text.replaceAll('-', '.pre.').match(/\d+|[A-Za-z]+/g) ?? [];
    const end = pieces.findIndex(isWord);
    const numbers = end === -1 ? pieces : pieces.slice(0, end);
    return [...numbers, ...(end === -1 ? [] : pieces.slice(end))];
  },
  compare(one, other) {
    const [a, b] = [significant(one), significant(other)];
    return compareLists(a, b, comparePieces);
  },
  begins(version, bound) {
    if (bound.some(isWord)) return gem.compare(version, bound) === 0;
    return beginsWithNumbers(leading(version), bound);
  },
  numbers: leading,
  series: (_bound, numbers) => numbers.join('.'),
  pessimisticOfOne: true,
  prereleases: {
    is: (version) => version.some(isWord),
    release: leading,
    isBelow: () => true,
  },
  above: (bound) => [`${bound}${'.0'.repeat(20)}.1`, `${bound}.1`],
  lowest: '0.a',
};

function isWord(piece: string): boolean {
  return !/^\d/.test(piece);
}

function leading(version: GemVersion): GemVersion {
  const end = version.findIndex(isWord);
  return end === -1 ? version : version.slice(0, end);
}

function significant(version: GemVersion): string[] {
  const numbers = leading(version);
  return [...withoutZeros(numbers), ...withoutZeros(version.slice(numbers.length))];
}

function withoutZeros(pieces: readonly string[]): readonly string[] {
  return pieces.slice(0, pieces.findLastIndex((piece) => /[^0]/.test(piece)) + 1);
}

/** A word is before a number, also before the 0 that a missing piece counts as. */
function comparePieces(one = '0', other = '0'): Order {
  if (isWord(one) && isWord(other)) return compareText(one, other);
  if (isWord(one) || isWord(other)) return isWord(one) ? -1 : 1;
  return compareDigits(one, other);
}
