import { beginsWithText, compareDigits, compareText, leadingNumbers, order } from '../numbers.ts';
import type { Order, Scheme } from '../scheme.ts';

/** `epoch:version-release`. Source: rpm-version(7) and RPM's manual, "Dependencies". */
interface RpmVersion {
  epoch: string | undefined;
  version: string;
  release: string | undefined;
}

/** The versions of RPM packages, as `rpm.vercmp` orders them. */
export const rpm: Scheme<RpmVersion> = {
  rule: 'by RPM’s rules',
  example: '>=1.2 <2',
  parse,
  compare: (one, other) =>
    compareDigits(one.epoch ?? '', other.epoch ?? '') ||
    comparePart(one.version, other.version) ||
    compareReleases(one.release, other.release),
  begins(version, bound) {
    if (compareDigits(version.epoch ?? '', bound.epoch ?? '') !== 0) return false;
    if (bound.release === undefined) return beginsPart(version.version, bound.version);
    const sameVersion = comparePart(version.version, bound.version) === 0;
    return sameVersion && beginsPart(version.release ?? '', bound.release);
  },
  numbers: ({ version }) => leadingNumbers(version),
  series: ({ epoch }, numbers) => `${epoch === undefined ? '' : `${epoch}:`}${numbers.join('.')}`,
  relevant(found, bound) {
    const [noEpoch, noRelease] = [bound.epoch === undefined, bound.release === undefined];
    const version = {
      epoch: noEpoch ? undefined : found.epoch,
      version: found.version,
      release: noRelease ? undefined : found.release,
    };
    const without = [
      // RPM's queries print 0 for a package that has no epoch.
      ...(noEpoch && compareDigits(found.epoch ?? '', '') !== 0 ? ['epoch'] : []),
      ...(noRelease && found.release !== undefined ? ['release'] : []),
    ];
    return { version, without };
  },
  above: (bound) => [`${bound}^`, `${bound}.0`],
  lowest: '0~',
};

function parse(text: string): RpmVersion | undefined {
  const [, epoch, version, release] =
    /^(?:(\d{1,9}):)?([0-9A-Za-z][\w.+~^]*)(?:-([\w.+~^]+))?$/.exec(text) ?? [];
  return version === undefined ? undefined : { epoch, version, release };
}

/** A version without a release is before one with any, even one that begins with `~`. */
function compareReleases(one: string | undefined, other: string | undefined): Order {
  if (one !== undefined && other !== undefined) return comparePart(one, other);
  return order(Number(one !== undefined) - Number(other !== undefined));
}

/** Numbers and words are compared in turn. Any other character only separates them, but for `~` and `^`. */
function comparePart(one: string, other: string): Order {
  const [a, b] = [segments(one), segments(other)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const result = compareSegments(a[index], b[index]);
    if (result !== 0) return result;
  }
  return 0;
}

function segments(text: string): string[] {
  return text.match(/\d+|[A-Za-z]+|[~^]/g) ?? [];
}

function compareSegments(one: string | undefined, other: string | undefined): Order {
  const result = compareText(rank(one), rank(other));
  if (result !== 0 || one === undefined || other === undefined) return result;
  return rank(one) === '4' ? compareDigits(one, other) : compareText(one, other);
}

/** A `~` is before the end of the text, a `^` behind it, and both are before words, which are before numbers. */
function rank(segment: string | undefined): string {
  if (segment === undefined) return '1';
  if (segment === '~') return '0';
  if (segment === '^') return '2';
  return /^\d/.test(segment) ? '4' : '3';
}

function beginsPart(text: string, prefix: string): boolean {
  if (comparePart(text, prefix) === 0) return true;
  return beginsWithText(text, prefix) && text[prefix.length] !== '~';
}
