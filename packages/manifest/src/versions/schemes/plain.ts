import { beginsWithText, compareDigits, compareLists, compareText, leadingNumbers } from '../numbers.ts';
import type { Order, Scheme } from '../scheme.ts';

interface PlainVersion {
  text: string;
  /** Numbers and words in turn, in lower case. */
  pieces: readonly string[];
}

/** Numbers and letters in turn, where every letter counts and nothing is a pre-release: OpenSSL's 1.1.1w. */
export const plain: Scheme<PlainVersion> = {
  rule: 'by numbers and letters in turn',
  example: '>=1.1.1w <3',
  parse(text) {
    const [, rest] = /^v?(\d[\w.+~:-]*)$/i.exec(text) ?? [];
    const lower = rest?.toLowerCase();
    return lower === undefined ? undefined : { text: lower, pieces: lower.match(/\d+|[a-z]+/g) ?? [] };
  },
  compare: (one, other) => compareLists(one.pieces, other.pieces, comparePieces),
  begins: (version, bound) => plain.compare(version, bound) === 0 || beginsWithText(version.text, bound.text),
  // 3.0.11 is one of 3.0, so it is not `>3.0`. But 1.1.1w is later than 1.1.1.
  belongs: (version, bound) =>
    plain.begins(version, bound) && /^(?:$|\.\d)/.test(version.text.slice(bound.text.length)),
  partial: true,
  numbers: ({ text }) => leadingNumbers(text),
  series: (_bound, numbers) => numbers.join('.'),
  above: (bound) => [`${bound}a`, `${bound}-0`],
  lowest: '0',
};

/** A longer version is later, and a number is later than a word. */
function comparePieces(one = '', other = ''): Order {
  const [kindOne, kindOther] = [kind(one), kind(other)];
  if (kindOne !== kindOther) return compareText(kindOne, kindOther);
  return kindOne === 'number' ? compareDigits(one, other) : compareText(one, other);
}

function kind(piece: string): 'end' | 'letters' | 'number' {
  if (piece === '') return 'end';
  return /^\d/.test(piece) ? 'number' : 'letters';
}
