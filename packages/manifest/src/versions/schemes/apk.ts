import {
  beginsWithText,
  compareDigits,
  compareLists,
  compareText,
  leadingNumbers,
  order,
} from '../numbers.ts';
import type { Order, Scheme } from '../scheme.ts';

/** A piece of a version. `kind` decides first where two versions have different kinds at one place. */
interface Piece {
  kind: number;
  text: string;
}

interface ApkVersion {
  /** Without the revision. */
  text: string;
  pieces: readonly Piece[];
  revision: string | undefined;
}

/** Low to high. The words of the first list lead to a release, those of the second follow it. */
const leading = ['alpha', 'beta', 'pre', 'rc'];
const following = ['cvs', 'svn', 'git', 'hg', 'p'];
const kinds = {
  leading: 0,
  end: 1,
  revision: 2,
  hash: 3,
  count: 4,
  following: 5,
  letter: 6,
  number: 7,
  first: 8,
};

/** The versions of Alpine's packages, as `apk version -t` orders them. Source: apk-package(5), apk-version(8). */
export const apk: Scheme<ApkVersion> = {
  rule: 'by Alpine’s rules',
  example: '>=1.2 <2',
  parse,
  compare: (one, other) => compareLists(withRevision(one), withRevision(other), comparePieces),
  begins(version, bound) {
    if (bound.revision !== undefined) return apk.compare(version, bound) === 0;
    if (compareLists(version.pieces, bound.pieces, comparePieces) === 0) return true;
    const next = version.pieces[bound.pieces.length];
    return beginsWithText(version.text, bound.text) && next?.kind !== kinds.leading;
  },
  numbers: ({ text }) => leadingNumbers(text),
  series: (_bound, numbers) => numbers.join('.'),
  relevant: (found, bound) =>
    found.revision === undefined || bound.revision !== undefined
      ? { version: found, without: [] }
      : { version: { ...found, revision: undefined }, without: ['revision'] },
  above: (bound) => [`${bound}-r0`, `${bound}_cvs`, `${bound}.0`],
  lowest: '0_alpha',
};

function parse(text: string): ApkVersion | undefined {
  const [, numbers, letter = '', words = '', hash = '', revision] =
    /^(\d+(?:\.\d+)*)([a-z]?)((?:_[a-z]+\d*)*)(~[0-9a-f]+)?(?:-r(\d+))?$/.exec(text) ?? [];
  if (numbers === undefined) return undefined;
  const suffixes = [...words.matchAll(/_([a-z]+)(\d*)/g)].map(([, word = '', count = '']) =>
    toPieces(word, count),
  );
  if (!suffixes.every((suffix) => suffix !== undefined)) return undefined;
  const pieces = [
    ...numbers
      .split('.')
      .map((number, index) => ({ kind: index === 0 ? kinds.first : kinds.number, text: number })),
    ...(letter === '' ? [] : [{ kind: kinds.letter, text: letter }]),
    ...suffixes.flat(),
    ...(hash === '' ? [] : [{ kind: kinds.hash, text: hash }]),
  ];
  return { text: `${numbers}${letter}${words}${hash}`, pieces, revision };
}

function toPieces(word: string, count: string): Piece[] | undefined {
  const kind = leading.includes(word)
    ? kinds.leading
    : following.includes(word)
      ? kinds.following
      : undefined;
  if (kind === undefined) return undefined;
  return [{ kind, text: word }, ...(count === '' ? [] : [{ kind: kinds.count, text: count }])];
}

function withRevision({ pieces, revision }: ApkVersion): Piece[] {
  return revision === undefined ? [...pieces] : [...pieces, { kind: kinds.revision, text: revision }];
}

function comparePieces(one: Piece | undefined, other: Piece | undefined): Order {
  const kind = one?.kind ?? kinds.end;
  const result = order(kind - (other?.kind ?? kinds.end));
  if (result !== 0 || one === undefined || other === undefined) return result;
  return compareTexts(kind, one.text, other.text);
}

function compareTexts(kind: number, one: string, other: string): Order {
  if (kind === kinds.leading) return order(leading.indexOf(one) - leading.indexOf(other));
  if (kind === kinds.following) return order(following.indexOf(one) - following.indexOf(other));
  // Behind the first dot, a number with a leading zero is compared as text: 1.05 is below 1.1.
  const asText = kind === kinds.number && (one.startsWith('0') || other.startsWith('0'));
  if (asText || kind === kinds.letter || kind === kinds.hash) return compareText(one, other);
  return compareDigits(one, other);
}
