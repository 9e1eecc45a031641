/** A version as tools print it: its numbers, and whether a suffix marks it as a pre-release. */
interface Version {
  parts: readonly number[];
  prerelease: boolean;
}

/**
 * Pre-release suffixes. A single letter counts only before a digit: `3.13.0a1`, but not `tmux 3.3a` or OpenSSL's
 * `1.0.2b`.
 */
const prereleaseSuffix = /^[-._~]?(?:(?:rc|alpha|beta|preview|pre|dev|nightly|ea)(?=[-.\d]|$)|[abm]\d)/i;

/**
 * Parses `v1.32.4-dispatcher`, `9.2p1`, `1.8.0_402`, `22.04`, four parts. A vendor's suffix does not mean pre-release.
 */
export function parseVersion(raw: string): Version | undefined {
  const text = raw.trim();
  const [all = '', numbers] = /^[vV]?(\d+(?:\.\d+)*)/.exec(text) ?? [];
  const parts = numbers === undefined ? undefined : toParts(numbers);
  return parts && { parts, prerelease: prereleaseSuffix.test(text.slice(all.length)) };
}

/** Returns `undefined` if a part is too large to be an exact number. */
function toParts(numbers: string): number[] | undefined {
  const parts = numbers.split('.').map(Number);
  return parts.every(Number.isSafeInteger) ? parts : undefined;
}

/** Compares part by part. A missing part counts as 0. */
function compareParts(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

interface Comparator {
  operator: string;
  parts: readonly number[];
}

/** Alternatives (`||`), each a list of comparators that must all hold. */
export type Range = readonly (readonly Comparator[])[];

/** Use it only on text with single blanks: a run of blanks would be tried again from each of its blanks. */
const comparator = /(\^|~>?|>=|<=|>|<|==?)? ?[vV]?(\d+(?:\.\d+)*)(?:\.[xX*])*/g;

/**
 * Parses `20`, `20.x`, `^20`, `~1.2`, `>=20 <25`, `1.2 - 2`, `a || b`, `latest`. Returns `undefined` for other text.
 */
export function parseRange(text: string): Range | undefined {
  const plain = text.trim().replaceAll(/\s+/g, ' ');
  if (/^(latest|\*|x)$/i.test(plain)) return [[]];
  const alternatives = plain.split('||').map(parseComparators);
  return alternatives.every((alternative) => alternative !== undefined) ? alternatives : undefined;
}

function parseComparators(text: string): Comparator[] | undefined {
  const expanded = text.trim().replace(/^(\S+) - (\S+)$/, '>=$1 <=$2');
  if (expanded.replaceAll(comparator, '').replaceAll(/[\s,]/g, '') !== '') return undefined;
  const found = [...expanded.matchAll(comparator)].map(([, operator = '=', numbers = '']) => {
    const parts = toParts(numbers);
    return parts && { operator, parts };
  });
  return found.length > 0 && found.every((one) => one !== undefined) ? found : undefined;
}

/** Whether the range is `latest`, which every version satisfies. */
export function isAny(range: Range): boolean {
  return range.some((comparators) => comparators.length === 0);
}

/** Whether a version is in a range. A pre-release is only in `latest`, unless `allowPrerelease` is set. */
export function satisfies({ parts, prerelease }: Version, range: Range, allowPrerelease = false): boolean {
  if (prerelease && !allowPrerelease && !isAny(range)) return false;
  return range.some((comparators) => comparators.every((one) => holds(parts, one)));
}

function holds(found: readonly number[], { operator, parts }: Comparator): boolean {
  const order = compareParts(found, parts);
  const same = (count: number): boolean => compareParts(found.slice(0, count), parts.slice(0, count)) === 0;
  if (operator === '>=') return order >= 0;
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0 && !same(parts.length);
  if (operator === '<=') return order < 0 || same(parts.length);
  if (operator.startsWith('~')) return order >= 0 && same(Math.min(2, parts.length));
  if (operator === '^') {
    const leading = parts.findIndex((part) => part > 0);
    return order >= 0 && same(leading === -1 ? parts.length : leading + 1);
  }
  return same(parts.length);
}
