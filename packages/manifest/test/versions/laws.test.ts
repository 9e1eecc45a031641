import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, judge, parseRange, type SchemeName, schemes } from '../../src/versions/index.ts';
import { pairs, texts } from './near-versions.ts';

/** Maven orders versions of an unusual shape in circles: 1sp1 < 1-0cr < 1 < 1sp1. So do we then. */
const usualForMaven = /^\d+(?:\.\d+)*(?:-?[a-z]+-?\d*)?$/i;

function versions(scheme: SchemeName): fc.Arbitrary<string> {
  return texts(scheme).filter(
    (text) =>
      compareVersions(scheme, text, text) !== undefined && (scheme !== 'maven' || usualForMaven.test(text)),
  );
}

function isMet(range: string, found: string, scheme: SchemeName): boolean | undefined {
  const parsed = parseRange(range, scheme);
  if ('expected' in parsed) return undefined;
  const judgement = judge(parsed, found, { prerelease: true });
  return 'met' in judgement ? judgement.met : undefined;
}

describe.each(schemes)('the scheme %s', (scheme) => {
  it('gives two versions opposite answers in both directions', () =>
    fc.assert(
      fc.property(pairs(scheme), ([one, other]) => {
        const [there, back] = [compareVersions(scheme, one, other), compareVersions(scheme, other, one)];
        expect(there).toBe(back === undefined || back === 0 ? back : -back);
      }),
      { numRuns: 200 },
    ));

  it('has one order of all versions', () =>
    fc.assert(
      fc.property(fc.array(versions(scheme), { minLength: 3, maxLength: 8 }), (list) => {
        const sorted = list.toSorted((one, other) => compareVersions(scheme, one, other) ?? Number.NaN);
        for (const [index, one] of sorted.entries()) {
          for (const other of sorted.slice(index)) expect(compareVersions(scheme, one, other)).not.toBe(1);
        }
      }),
      { numRuns: 100 },
    ));

  it('finds each plain version in the ranges that it bounds', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }), (numbers) => {
        const version = numbers.join('.');
        for (const range of [
          version,
          `>=${version}`,
          `<=${version}`,
          `=${version}`,
          `~${version}`,
          `${version}.x`,
        ]) {
          expect(isMet(range, version, scheme), range).toBe(true);
        }
        for (const range of [`!=${version}`, `>${version}`])
          expect(isMet(range, version, scheme), range).toBe(false);
        expect([false, undefined]).toContain(isMet(`<${version}`, version, scheme));
      }),
      { numRuns: 100 },
    ));

  it('accepts each range that a version is known to meet, and parses it again to the same', () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
        (all) => {
          const [low = '', middle = '', high = ''] = all
            .map((numbers) => numbers.join('.'))
            .toSorted((one, other) => compareVersions(scheme, one, other) ?? 0);
          fc.pre(compareVersions(scheme, middle, high) === -1);
          const text = `>=${low} <${high}`;
          const range = parseRange(text, scheme);
          expect(range).toMatchObject({ scheme, text, any: false });
          expect(isMet(text, middle, scheme)).toBe(true);
          expect(parseRange(` ${text.replace(' ', ',  ')} `, scheme)).toEqual({
            ...range,
            text: text.replace(' ', ',  '),
          });
        },
      ),
      { numRuns: 200 },
    ));

  it('answers every text, and never throws', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), texts(scheme)),
        fc.oneof(fc.string(), texts(scheme)),
        (text, found) => {
          for (const operator of ['', '>=', '^', '~>', '!=', '<']) {
            const range = parseRange(`${operator}${text}`, scheme);
            if ('expected' in range) expect(range.expected).not.toBe('');
            else expect(judge(range, found)).toBeTypeOf('object');
          }
        },
      ),
      { numRuns: 150 },
    ));
});

// RubyGems, Python and npm read `-` in other ways, and `relevant` parts are left out.
describe.each(['rpm', 'deb', 'apk', 'plain'] as const)('the scheme %s', (scheme) => {
  it('accepts a range between two versions if there is one that meets it', () =>
    fc.assert(
      fc.property(versions(scheme), versions(scheme), versions(scheme), (low, found, high) => {
        fc.pre(![low, high].some((text) => /[.x*:-]$|[|&;:]|\.x|-/.test(text)));
        const inside =
          compareVersions(scheme, low, found) === -1 && compareVersions(scheme, found, high) === -1;
        fc.pre(inside);
        expect(parseRange(`>=${low} <${high}`, scheme)).not.toHaveProperty('expected');
        expect(parseRange(`>${low} <=${high}`, scheme)).not.toHaveProperty('expected');
      }),
      { numRuns: 150 },
    ));
});

// If a pattern is worse than linear, these tests take minutes and fail by their time limit.
describe('long texts of strangers', () => {
  const long = [
    `>=1${' '.repeat(600_000)}<`,
    '1.'.repeat(300_000),
    '1'.repeat(600_000),
    '.x'.repeat(300_000),
    '|'.repeat(600_000),
    `[${'1,'.repeat(300_000)}]`,
    `1-${'rc.'.repeat(200_000)}`,
  ];
  it.each(schemes)('are refused at once by the scheme %s', (scheme) => {
    const range = parseRange('>=1', scheme);
    for (const text of long) {
      expect(parseRange(text, scheme)).toHaveProperty('expected');
      expect('expected' in range ? range : judge(range, `1${text}`)).toHaveProperty('unknown');
      expect(compareVersions(scheme, `1${text}`, '1')).toBeUndefined();
    }
  });
});
