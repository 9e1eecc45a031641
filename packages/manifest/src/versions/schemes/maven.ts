import { ownValue } from '@runner-actions/core';
import { beginsWithNumbers, compareDigits, compareText, leadingNumbers, order } from '../numbers.ts';
import type { Order, Scheme } from '../scheme.ts';

/** A piece of a version. A group holds what follows a `-` or a change between digits and letters. */
type Piece = { number: string } | { word: string } | { group: Piece[] };

interface MavenVersion {
  numbers: readonly string[];
  words: readonly string[];
  pieces: readonly Piece[];
}

/** Words with an order of their own. All others follow them, by the alphabet. */
const knownWords = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const release = knownWords.indexOf('');
const aliases: Record<string, string> = { ga: '', final: '', release: '', cr: 'rc' };
const letters: Record<string, string> = { a: 'alpha', b: 'beta', m: 'milestone' };

/** The versions of Maven's artifacts. Source: Maven's POM reference, "Version Order Specification". */
export const maven: Scheme<MavenVersion> = {
  rule: 'by Maven’s rules',
  example: '>=3.8 <4',
  parse(text) {
    // Maven also orders texts with empty fields, but in circles: 1.0rc > 1.a- > 1. > 1.0rc.
    if (!/^\d[\w+]*(?:[.-][\w+]+)*$/.test(text)) return undefined;
    const pieces = toPieces(text.toLowerCase());
    return { numbers: leadingNumbers(text), words: wordsOf(pieces), pieces };
  },
  compare: (one, other) => compareGroups(one.pieces, other.pieces),
  begins(version, bound) {
    if (bound.words.length > 0) return maven.compare(version, bound) === 0;
    return beginsWithNumbers(version.numbers, bound.numbers);
  },
  numbers: ({ numbers }) => numbers,
  series: (_bound, numbers) => numbers.join('.'),
  prereleases: {
    is: ({ words }) => words.some((word) => (rankOfWord(word) ?? release) < release),
    release: ({ numbers }) => ({
      numbers,
      words: [],
      pieces: normalize(numbers.map((number) => ({ number }))),
    }),
    isBelow: () => true,
  },
  above: (bound) => [`${bound}-sp`, `${bound}-0-1`, `${bound}.1`],
  lowest: '0-alpha',
};

function rankOfWord(word: string): number | undefined {
  const rank = knownWords.indexOf(word);
  return rank === -1 ? undefined : rank;
}

function wordsOf(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) =>
    'word' in piece ? [piece.word] : 'group' in piece ? wordsOf(piece.group) : [],
  );
}

/** Cuts at `.`, `-` and where digits and letters meet. */
function toPieces(text: string): Piece[] {
  const root: Piece[] = [];
  const groups = [root];
  let group = root;
  const open = (): void => {
    const next: Piece[] = [];
    group.push({ group: next });
    groups.push(next);
    group = next;
  };
  for (const field of text.split(/(?<=[.-])/)) {
    const end = /[.-]$/.exec(field)?.[0] ?? '';
    const runs = field.slice(0, field.length - end.length).match(/\d+|\D+/g) ?? [];
    if (runs.length === 0 && end !== '') group.push({ number: '0' });
    runs.forEach((run, position) => {
      const isNumber = /^\d/.test(run);
      const followed = position < runs.length - 1;
      const isLast = end === '' && !followed;
      if (!isNumber && (followed || isLast) && group.length > 0) open();
      group.push(isNumber ? { number: run } : { word: toWord(run, followed) });
      if (followed) open();
    });
    if (end === '-') open();
  }
  for (const one of groups.reverse()) normalize(one);
  return root;
}

function toWord(run: string, beforeNumber: boolean): string {
  const word = beforeNumber ? (ownValue(letters, run) ?? run) : run;
  return ownValue(aliases, word) ?? word;
}

/** Removes what has no weight from the end: 1.0 is 1, and 1-ga is 1. */
function normalize(pieces: Piece[]): Piece[] {
  for (let index = pieces.length - 1; index >= 0; index -= 1) {
    const piece = pieces[index];
    if (piece !== undefined && comparePieces(piece, undefined) === 0 && !isFull(piece))
      pieces.splice(index, 1);
    else if (piece !== undefined && !('group' in piece)) break;
  }
  return pieces;
}

function isFull(piece: Piece): boolean {
  return 'group' in piece && piece.group.length > 0;
}

function compareGroups(one: readonly Piece[], other: readonly Piece[]): Order {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const result = comparePieces(one[index], other[index]);
    if (result !== 0) return result;
  }
  return 0;
}

/** A number is after a group, which is after a word. A missing piece counts as the number 0 or as a release. */
function comparePieces(one: Piece | undefined, other: Piece | undefined): Order {
  if (one === undefined) return other === undefined ? 0 : order(-comparePieces(other, undefined));
  if (other === undefined) return compareWithNothing(one);
  if ('number' in one && 'number' in other) return compareDigits(one.number, other.number);
  if ('word' in one && 'word' in other) return compareWords(one.word, other.word);
  if ('group' in one && 'group' in other) return compareGroups(one.group, other.group);
  return compareText(kind(one), kind(other));
}

function compareWithNothing(piece: Piece): Order {
  if ('number' in piece) return compareDigits(piece.number, '0');
  if ('word' in piece) return compareWords(piece.word, '');
  return piece.group.map((one) => comparePieces(one, undefined)).find((result) => result !== 0) ?? 0;
}

function compareWords(one: string, other: string): Order {
  const [a, b] = [rankOfWord(one), rankOfWord(other)];
  if (a === undefined && b === undefined) return compareText(one, other);
  return order((a ?? knownWords.length) - (b ?? knownWords.length));
}

function kind(piece: Piece): string {
  if ('number' in piece) return '3';
  return 'group' in piece ? '2' : '1';
}
