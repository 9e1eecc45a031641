import { beginsWithNumbers, compareNumbers, leadingNumbers } from '../numbers.ts';
import { classify, comparePrereleases, identifiers, isWord } from '../prerelease.ts';
import type { Scheme } from '../scheme.ts';

/** A version as tools print it. */
interface ToolVersion {
  numbers: readonly string[];
  /** The identifiers of a pre-release. */
  pre: readonly string[] | undefined;
  /** What a vendor appended, which has no part in comparisons. */
  suffix: string;
}

/**
 * The versions of most tools: as many numbers as they like, a `v` before them, a suffix of the vendor behind them.
 * Pre-releases are ordered by Semantic Versioning. A bound stands for its series, as in npm.
 */
export const semver: Scheme<ToolVersion> = {
  ...like((text, lowest) => parse(text, identifiers, { unclear: false, lowest })),
  // The same texts as other schemes read them: rc10 is after rc9, c1 is a pre-release, 2024-10-01 is a date.
  second: {
    scheme: like((text, lowest) => parse(dotted(text), wordsAndNumbers, { unclear: true, lowest })),
    why: 'Semantic Versioning and other schemes disagree about it',
  },
};

/** Versions that begin with a date: 22.04, 2024.10, 2024-10-01. */
export const calver: Scheme<ToolVersion> = {
  ...like((text, lowest) => parse(dotted(text), identifiers, { unclear: false, lowest })),
  rule: 'by its numbers, position by position',
  example: '>=22.04',
  refuse(bound, operator) {
    if (operator !== '^') return refuse(dotted(bound), operator);
    return `a range without \`^\`, as numbers of a date promise no compatibility: \`>=${bound}\``;
  },
};

/** @param read the second argument tells whether `-0` means a pre-release, as it does in npm's ranges */
function like(read: (text: string, lowest: boolean) => ToolVersion | undefined): Scheme<ToolVersion> {
  return {
    rule: 'by its numbers',
    example: '>=3.9 <4',
    parse: (text) => read(text, false),
    parseBound: (text) => read(text, true),
    compare: (one, other) =>
      compareNumbers(one.numbers, other.numbers) || comparePrereleases(one.pre, other.pre),
    begins,
    belongs: begins,
    partial: true,
    numbers: ({ numbers }) => numbers,
    series: (_bound, numbers) => numbers.join('.'),
    relevant: (found) => ({
      version: found,
      without: found.suffix === '' ? [] : [`suffix \`${found.suffix}\``],
    }),
    prereleases: {
      is: ({ pre }) => pre !== undefined,
      release: (version) => ({ ...version, pre: undefined }),
      // npm: 1.0.0-rc.1 is `<1.0.0`, but it is not `<1.0`.
      isBelow: ({ numbers }) => numbers.length >= 3,
    },
    refuse,
    // An identifier 0 more makes the next pre-release.
    above: (bound) => [`${bound}.0`, `${bound}.1`],
    lowest: '0',
  };
}

function begins(version: ToolVersion, bound: ToolVersion): boolean {
  if (bound.pre === undefined) return beginsWithNumbers(version.numbers, bound.numbers);
  return (
    compareNumbers(version.numbers, bound.numbers) === 0 && comparePrereleases(version.pre, bound.pre) === 0
  );
}

function parse(
  given: string,
  split: (suffix: string) => string[],
  isPre: { unclear: boolean; lowest: boolean },
): ToolVersion | undefined {
  // `2.39.3 (Apple Git-146)`, but also `3.0 (beta)`: the text behind the version may say that it is no release.
  const [text = '', behind = ''] = given.split(/\s+/, 2);
  const remark = behind.replaceAll(/[(),]/g, '');
  const version = text.replace(/^v/i, '');
  const parts = leadingNumbers(version);
  const suffix = version.slice(parts.join('.').length);
  // An epoch stands before a `:` or a `!`, which only other schemes can read.
  if (parts.length === 0 || /[!:]/.test(suffix)) return undefined;
  if (isWord(remark)) return { numbers: parts, pre: [remark], suffix: '' };
  const kind = classify(suffix);
  return kind === 'pre-release' ||
    (kind === 'unclear' && isPre.unclear) ||
    (isPre.lowest && npmLowest.test(suffix))
    ? { numbers: parts, pre: split(suffix), suffix: '' }
    : { numbers: parts, pre: undefined, suffix: suffix.startsWith('+') ? '' : suffix };
}

/** In npm's ranges, `-0` is the lowest pre-release. As the version of a tool, it is a revision of the vendor. */
const npmLowest = /^-0(?:\.\d+)*$/;

function wordsAndNumbers(suffix: string): string[] {
  const [body = ''] = suffix.split('+', 1);
  return body.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
}

/** Writes a date with dots. */
function dotted(text: string): string {
  return text.replace(/^(\d{4})-(\d\d)-(\d\d)/, '$1.$2.$3');
}

function refuse(bound: string, operator: string): string | undefined {
  const suffix = parse(bound, identifiers, { unclear: true, lowest: true })?.suffix ?? '';
  if (suffix === '') return undefined;
  const without = bound.slice(0, bound.length - suffix.length);
  return `\`${operator}${without}\`, as \`${suffix}\` has no part in the comparison (with \`scheme: plain\` it has)`;
}
