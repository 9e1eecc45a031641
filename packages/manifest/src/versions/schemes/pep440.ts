import {
  beginsWithNumbers,
  compareDigits,
  compareLists,
  compareNumbers,
  compareText,
  order,
} from '../numbers.ts';
import type { Order, Scheme } from '../scheme.ts';

/** A version of a Python package. Source: PEP 440, now "Version specifiers" of packaging.python.org. */
interface PythonVersion {
  epoch: string;
  numbers: readonly string[];
  pre: { phase: string; number: string } | undefined;
  post: string | undefined;
  dev: string | undefined;
  local: readonly string[] | undefined;
}

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|rc|c)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/;

/** The versions of Python and of its packages. */
export const pep440: Scheme<PythonVersion> = {
  rule: 'by Python’s rules (PEP 440)',
  example: '>=3.9 <4',
  parse,
  compare: (one, other) =>
    compareDigits(one.epoch, other.epoch) ||
    compareNumbers(one.numbers, other.numbers) ||
    comparePre(one, other) ||
    compareOptional(one.post, other.post, -1) ||
    compareOptional(one.dev, other.dev, 1) ||
    compareLocal(one.local, other.local),
  begins(version, bound) {
    const isSeries = bound.pre === undefined && bound.post === undefined && bound.dev === undefined;
    if (!isSeries || bound.local !== undefined) return pep440.compare(version, bound) === 0;
    const sameEpoch = compareDigits(version.epoch, bound.epoch) === 0;
    return sameEpoch && beginsWithNumbers(version.numbers, bound.numbers);
  },
  // PEP 440, "Exclusive ordered comparison": `>3.9` does not mean the post-releases of 3.9.
  belongs: (version, bound, operator) =>
    operator === '>' &&
    version.post !== undefined &&
    bound.post === undefined &&
    pep440.compare({ ...version, post: undefined, dev: undefined, local: undefined }, bound) === 0,
  numbers: ({ numbers }) => numbers,
  series: ({ epoch }, numbers) => `${compareDigits(epoch, '') === 0 ? '' : `${epoch}!`}${numbers.join('.')}`,
  relevant: (found, bound) =>
    found.local === undefined || bound.local !== undefined
      ? { version: found, without: [] }
      : { version: { ...found, local: undefined }, without: ['local part'] },
  prereleases: {
    is: ({ pre, dev }) => pre !== undefined || dev !== undefined,
    release: (version) => ({
      ...version,
      pre: undefined,
      dev: undefined,
      post: version.pre === undefined ? version.post : undefined,
    }),
    isBelow: () => false,
  },
  refuse(bound, operator) {
    if (['', '=', '==', '!='].includes(operator) || parse(bound)?.local === undefined) return undefined;
    return `\`${operator}${bound.split('+', 1)[0]}\`, as a local part is only compared with \`==\``;
  },
  above: (bound) => [`${bound}${'.0'.repeat(20)}.1`, `${bound}.post0`, `${bound}.1`],
  lowest: '0.dev0',
};

function parse(text: string): PythonVersion | undefined {
  const match = pattern.exec(text.toLowerCase());
  if (match === null) return undefined;
  const [
    ,
    epoch = '0',
    numbers = '',
    phase,
    preNumber = '',
    dash,
    post,
    postNumber = '',
    dev,
    devNumber = '',
  ] = match;
  return {
    epoch,
    numbers: numbers.split('.'),
    pre: phase === undefined ? undefined : { phase: phases[phase] ?? phase, number: preNumber },
    post: dash ?? (post === undefined ? undefined : postNumber),
    dev: dev === undefined ? undefined : devNumber,
    local: match[10]?.split(/[-_.]/),
  };
}

const phases: Partial<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };

/** 1.0.dev1 is before 1.0a1, which is before 1.0 and 1.0.post1.dev1. */
function comparePre(one: PythonVersion, other: PythonVersion): Order {
  const [a, b] = [preRank(one), preRank(other)];
  return compareText(a, b) || compareDigits(one.pre?.number ?? '', other.pre?.number ?? '');
}

function preRank({ pre, post, dev }: PythonVersion): string {
  if (pre !== undefined) return pre.phase;
  return post === undefined && dev !== undefined ? '' : 'release';
}

/** `absent` tells how a version without the part stands to one with it. */
function compareOptional(one: string | undefined, other: string | undefined, absent: -1 | 1): Order {
  if (one !== undefined && other !== undefined) return compareDigits(one, other);
  if (one === other) return 0;
  return one === undefined ? absent : order(-absent);
}

function compareLocal(one: readonly string[] | undefined, other: readonly string[] | undefined): Order {
  return compareLists(one ?? [], other ?? [], (a, b) => {
    const result = compareText(localRank(a), localRank(b));
    if (result !== 0 || a === undefined || b === undefined) return result;
    return localRank(a) === '2' ? compareDigits(a, b) : compareText(a, b);
  });
}

/** A longer local part is later, and a number is later than a word. */
function localRank(piece: string | undefined): string {
  if (piece === undefined) return '0';
  return /^\d+$/.test(piece) ? '2' : '1';
}
