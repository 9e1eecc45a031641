import { beginsWithText, compareDigits, leadingNumbers, order } from '../numbers.ts';
import type { Order, Scheme } from '../scheme.ts';

/** A Debian version number. Source: Debian Policy, "The format of version numbers", and deb-version(7). */
interface DebVersion {
  epoch: string | undefined;
  upstream: string;
  revision: string | undefined;
}

/** The versions of Debian's packages, as `dpkg --compare-versions` orders them. */
export const deb: Scheme<DebVersion> = {
  rule: 'by Debian’s rules',
  example: '>=1.2 <2',
  parse,
  compare,
  begins(version, bound) {
    if (compareDigits(version.epoch ?? '', bound.epoch ?? '') !== 0) return false;
    if (bound.revision === undefined) return beginsPart(version.upstream, bound.upstream);
    const sameUpstream = comparePart(version.upstream, bound.upstream) === 0;
    return sameUpstream && beginsPart(version.revision ?? '0', bound.revision);
  },
  numbers: ({ upstream }) => leadingNumbers(upstream),
  series: ({ epoch }, numbers) => `${epoch === undefined ? '' : `${epoch}:`}${numbers.join('.')}`,
  relevant(found, bound) {
    const [noEpoch, noRevision] = [bound.epoch === undefined, bound.revision === undefined];
    const version = {
      epoch: noEpoch ? undefined : found.epoch,
      upstream: found.upstream,
      revision: noRevision ? undefined : found.revision,
    };
    const without = [
      ...(noEpoch && found.epoch !== undefined ? ['epoch'] : []),
      ...(noRevision && found.revision !== undefined ? ['revision'] : []),
    ];
    return { version, without };
  },
  // `A` is the lowest character that makes a version higher, and each `~` after it lowers that version again.
  above: (bound) => [`${bound}A~~~~`, `${bound}0`],
  lowest: '0~',
};

function parse(text: string): DebVersion | undefined {
  const [, epoch, rest] = /^(?:(\d{1,9}):)?(\d[0-9A-Za-z.+~:-]*)$/.exec(text) ?? [];
  if (rest === undefined || (epoch === undefined && rest.includes(':'))) return undefined;
  const dash = rest.lastIndexOf('-');
  const upstream = dash === -1 ? rest : rest.slice(0, dash);
  const revision = dash === -1 ? undefined : rest.slice(dash + 1);
  return revision === '' || revision?.includes(':') ? undefined : { epoch, upstream, revision };
}

function compare(one: DebVersion, other: DebVersion): Order {
  return (
    compareDigits(one.epoch ?? '', other.epoch ?? '') ||
    comparePart(one.upstream, other.upstream) ||
    comparePart(one.revision ?? '', other.revision ?? '')
  );
}

/** A part alternates between text, which may be empty, and a number. */
function comparePart(one: string, other: string): Order {
  const [a, b] = [[...one.matchAll(pieces)], [...other.matchAll(pieces)]];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [, textA = '', numberA = ''] = a[index] ?? [];
    const [, textB = '', numberB = ''] = b[index] ?? [];
    const result = compareWeights(textA, textB) || compareDigits(numberA, numberB);
    if (result !== 0) return result;
  }
  return 0;
}

const pieces = /([^\d]*)(\d*)/g;

function compareWeights(one: string, other: string): Order {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const result = order(weight(one[index]) - weight(other[index]));
    if (result !== 0) return result;
  }
  return 0;
}

/** `~` sorts before the end of the text, and letters before all other characters. */
function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function beginsPart(text: string, prefix: string): boolean {
  if (comparePart(text, prefix) === 0) return true;
  return beginsWithText(text, prefix) && text[prefix.length] !== '~';
}
