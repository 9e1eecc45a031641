import { compareDigits, compareLists, compareText, order } from './numbers.ts';
import type { Order } from './scheme.ts';

/** Words that tools append to a version that is not released yet. */
const word =
  /^(?:rc|cr|rtm|servicing|alpha|beta|preview|pre|prerelease|dev|devel|develop|nightly|daily|ea|eap|snapshot|canary|milestone|next|insiders?|unstable|experimental|edge|trunk|head|tip|main|master|test|testing|exp|wip)(?=\d|$)/i;

/** A single letter counts only before a number: `3.13.0a1`, but not `tmux 3.3a` or OpenSSL's `1.0.2b`. */
const letter = /^[abm]\d+$/i;

/** The version of a commit without a tag. Source: Go's modules reference, "Pseudo-versions". */
const pseudoVersion = /^-(?:0\.)?\d{14}-[\da-f]{12}$/;

/** What the text behind the numbers of a version says. `unclear` if tools do not agree. */
export type Suffix = 'pre-release' | 'other' | 'unclear';

/**
 * Tells `-rc.1`, `a1`, `-SNAPSHOT` and `-canary` from a vendor's `-dispatcher`, `p1`, `_402` and `.windows.1`. Text
 * behind a `+` and a commit's hash do not count.
 */
export function classify(suffix: string): Suffix {
  const [body = ''] = suffix.split('+', 1);
  if (pseudoVersion.test(body)) return 'pre-release';
  const words = body.split(/[-._~]/).filter((one) => one !== '');
  const [first = ''] = words;
  if (words.some((one) => isWord(one))) return 'pre-release';
  if (/^c\d+$/i.test(first)) return 'unclear';
  // After a dash, `b12` is a build to some tools, and seven digits can be a hash.
  if (body.startsWith('-') && (/^b\d+$/i.test(first) || isHash(first))) {
    return letter.test(first) ? 'unclear' : 'other';
  }
  return letter.test(first) ? 'pre-release' : 'other';
}

/** Whether a word alone says that a version is a pre-release: `beta`, `rc2`. */
export function isWord(text: string): boolean {
  return word.test(text) && !isHash(text);
}

function isHash(text: string): boolean {
  return /^g?[\da-f]{7,40}$/.test(text);
}

/** Returns the identifiers of a pre-release as Semantic Versioning has them: those of `-rc.1+build` are `rc` and `1`. */
export function identifiers(suffix: string): string[] {
  const [body = ''] = suffix.replace(/^[-._~]/, '').split('+', 1);
  return body.split('.');
}

/** Orders what follows equal numbers. `undefined` stands for the release, which is behind its pre-releases. */
export function comparePrereleases(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): Order {
  if (one !== undefined && other !== undefined) return compareIdentifiers(one, other);
  return order(Number(one === undefined) - Number(other === undefined));
}

/** Orders pre-releases of one release. Source: semver.org, item 11. */
function compareIdentifiers(one: readonly string[], other: readonly string[]): Order {
  return compareLists(one, other, (a, b) => {
    const result = compareText(rank(a), rank(b));
    if (result !== 0 || a === undefined || b === undefined) return result;
    return rank(a) === '1' ? compareDigits(a, b) : compareText(a, b);
  });
}

/** Fewer identifiers are before more, and numbers are before words. */
function rank(identifier: string | undefined): string {
  if (identifier === undefined) return '0';
  return /^\d+$/.test(identifier) ? '1' : '2';
}
