import { beginsWithNumbers, compareDigits, compareNumbers } from '../numbers.ts';
import { classify, comparePrereleases, identifiers } from '../prerelease.ts';
import type { Scheme } from '../scheme.ts';

/** Feature, interim, update and patch; what follows. Source: JEP 223, JEP 322, and JDK 8's "Version String Format". */
interface JavaVersion {
  numbers: readonly string[];
  pre: readonly string[] | undefined;
  build: string | undefined;
}

/** The versions of Java, old and new: 1.8.0_292 is 8u292, which is 8.0.292. */
export const java: Scheme<JavaVersion> = {
  rule: 'by Java’s rules (1.8 is 8)',
  example: '>=17 <22',
  parse,
  compare: (one, other) =>
    compareNumbers(one.numbers, other.numbers) ||
    comparePrereleases(one.pre, other.pre) ||
    compareDigits(one.build ?? '', other.build ?? ''),
  begins,
  belongs: begins,
  partial: true,
  numbers: ({ numbers }) => numbers,
  // A leading 1 is dropped when it is read, so the numbers of JDK 1.1 need one more.
  series: (_bound, numbers) => `${numbers[0] === '1' ? '1.' : ''}${numbers.join('.')}`,
  relevant: (found, bound) =>
    found.build === undefined || bound.build !== undefined
      ? { version: found, without: [] }
      : { version: { ...found, build: undefined }, without: ['build'] },
  prereleases: {
    is: ({ pre }) => pre !== undefined,
    release: (version) => ({ ...version, pre: undefined, build: undefined }),
    isBelow: () => false,
  },
  above: (bound) => [`${bound}.0.0.1`, `${bound}+1`, `${bound}.1`],
  lowest: '0',
};

function parse(given: string): JavaVersion | undefined {
  const [text = ''] = given.split(/\s/, 1);
  const [, dotted = '', update, rest = ''] = /^(\d+(?:\.\d+)*)(?:[u_](\d+))?([-+_].*)?$/.exec(text) ?? [];
  if (dotted === '') return undefined;
  const [one, ...others] = dotted.split('.');
  const numbers = one === '1' && others.length > 0 ? others : [one ?? '', ...others];
  // `8u292` and `1.8.0_292` leave out the interim number, or have it as 0.
  const updated = update === undefined ? numbers : [numbers[0] ?? '', numbers[1] ?? '0', update];
  const [beforeBuild = ''] = rest.split('+', 1);
  const [, build] =
    /(?:^-|[-+])b?(\d+)(?=-|$)/.exec(rest.replace(/^-(?:ea|beta|internal)(?=[-+])/i, '')) ?? [];
  // JEP 223 names `ea` and `internal`. A `-b10` is a build of JDK 8.
  const isPre = beforeBuild === '-internal' || classify(beforeBuild.replace(/^-b\d+/, '')) === 'pre-release';
  return { numbers: updated, pre: isPre ? identifiers(beforeBuild) : undefined, build };
}

function begins(version: JavaVersion, bound: JavaVersion): boolean {
  if (bound.pre !== undefined || bound.build !== undefined) return java.compare(version, bound) === 0;
  return beginsWithNumbers(version.numbers, bound.numbers);
}
