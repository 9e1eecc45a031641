/** A version as tools print it: numbers, and whether a suffix marks it as a pre-release. */
interface Version {
  parts: readonly number[];
  prerelease: boolean;
}

/** A lone letter needs a number after it: `3.13.0a1` is early, `tmux 3.3a` and OpenSSL's `1.0.2b` are not. */
const early = /^[-._~]?(?:(?:rc|alpha|beta|preview|pre|dev|nightly|ea)(?=[-.\d]|$)|[abm]\d)/i;

/** Reads `v1.32.4-dispatcher`, `9.2p1`, `1.8.0_402`, `22.04`, four parts; a vendor's suffix is no pre-release. */
export function parseVersion(raw: string): Version | undefined {
  const text = raw.trim();
  const [all = '', numbers] = /^[vV]?(\d+(?:\.\d+)*)/.exec(text) ?? [];
  const parts = numbers === undefined ? undefined : toParts(numbers);
  return parts && { parts, prerelease: early.test(text.slice(all.length)) };
}

/** `undefined` where a part is too large to be told from its neighbours. */
function toParts(numbers: string): number[] | undefined {
  const parts = numbers.split('.').map(Number);
  return parts.every(Number.isSafeInteger) ? parts : undefined;
}

/** Compares part by part; a missing part is 0. */
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

/** Alternatives (`||`) of comparators that must all hold. */
export type Range = readonly (readonly Comparator[])[];

/** Of a text whose blanks are single: a run of them would be tried from each of its blanks on. */
const comparator = /(\^|~>?|>=|<=|>|<|==?)? ?[vV]?(\d+(?:\.\d+)*)(?:\.[xX*])*/g;

/** Reads `20`, `20.x`, `^20`, `~1.2`, `>=20 <25`, `1.2 - 2`, `a || b`, `latest`; `undefined` when it is none of these. */
export function parseRange(text: string): Range | undefined {
  const plain = text.trim().replaceAll(/\s+/g, ' ');
  if (/^(latest|\*|x)$/i.test(plain)) return [[]];
  const alternatives = plain.split('||').map(parseComparators);
  return alternatives.every((alternative) => alternative !== undefined) ? alternatives : undefined;
}

function parseComparators(text: string): Comparator[] | undefined {
  const spread = text.trim().replace(/^(\S+) - (\S+)$/, '>=$1 <=$2');
  if (spread.replaceAll(comparator, '').replaceAll(/[\s,]/g, '') !== '') return undefined;
  const found = [...spread.matchAll(comparator)].map(([, operator = '=', numbers = '']) => {
    const parts = toParts(numbers);
    return parts && { operator, parts };
  });
  return found.length > 0 && found.every((one) => one !== undefined) ? found : undefined;
}

/** Whether it is `latest`, which says of the version nothing. */
export function isAny(range: Range): boolean {
  return range.some((comparators) => comparators.length === 0);
}

/** Whether the version is in the range. A pre-release never is, unless `prerelease`; any version is `latest`. */
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
