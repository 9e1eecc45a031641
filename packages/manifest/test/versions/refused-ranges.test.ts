import { describe, expect, it } from 'vitest';
import { parseRange, type SchemeName } from '../../src/versions/index.ts';

/** Returns the right form, or `undefined` if the range is accepted. */
function refusal(text: string, scheme: SchemeName = 'semver'): string | undefined {
  const range = parseRange(text, scheme);
  return 'expected' in range ? range.expected : undefined;
}

describe('ranges that are refused', () => {
  it.each([
    ['=> 3', '`>=3`, as `=>` is no operator'],
    ['>==1', '`>=1`, as `>==` is no operator'],
    ['=<3', '`<=3`, as `=<` is no operator'],
    ['≥3', '`>=3`, as `≥` is no operator'],
    ['===3.9', '`==3.9`, as `===` is no operator'],
    ['<>3', '`!=3`, as `<>` is no operator'],
    ['>=', 'a version after `>=`, as in `>=3.9 <4`'],
    ['>= <3', 'a version after `>=`, as in `>=3.9 <4`'],
    ['>=1,', 'a range on each side of the comma, such as `>=1, <2`'],
    ['20 ||', 'a range on each side of `||`, such as `18 || 20`'],
    ['1|2', '`||` between alternatives, as in `18 || 20`, and a blank between what must hold together'],
    ['latest || 20', '`latest` alone, as it means any version'],
    ['1.x.y', '`1.x`, as nothing may follow the `x`'],
    ['1.x.3', '`1.x`, as nothing may follow the `x`'],
    ['~=3', 'two numbers or more after `~=`: `~=3.0`'],
    ['[1.0,2.0)', '`>=1.0 <2.0`'],
    ['(1.0,]', '`>1.0`'],
    ['[1.5]', '`==1.5`'],
    ['', 'a range such as `>=3.9 <4`, or `latest` for any version, in quotes if it begins with `>`'],
    ['   ', 'a range such as `>=3.9 <4`, or `latest` for any version, in quotes if it begins with `>`'],
    ['20 foo', 'a range such as `>=3.9 <4`'],
    ['1:2', 'a range such as `>=3.9 <4`'],
    [
      '>=1.32.4-dispatcher',
      '`>=1.32.4`, as `-dispatcher` has no part in the comparison (with `scheme: plain` it has)',
    ],
    ['>=1.1.1w', '`>=1.1.1`, as `w` has no part in the comparison (with `scheme: plain` it has)'],
    [`>=1.${'9'.repeat(20)}`, 'numbers up to 9007199254740991'],
    [Array.from({ length: 21 }, (_, index) => `!=${index}`).join(' '), 'a range with fewer versions in it'],
    ['1'.repeat(201), 'a range of at most 200 characters'],
  ])('refuses %j with the right form', (text, expected) => expect(refusal(text)).toBe(expected));

  it.each([
    ['lts/*', /^a version such as `22`/],
    ['lts', /^a version such as `22`/],
    ['lts/iron', /`20`$/],
    ['iron', /`20`$/],
    ['node', /^`latest` for any version, or the oldest that will do, such as `>=3.9 <4`/],
    ['stable', /^`latest` for any version, or the oldest that will do/],
    ['system', /^`latest` for any version/],
    ['nightly', /with `prerelease: true`/],
    ['nightly-2024-05-01', /with `prerelease: true`/],
    ['temurin-21', /`21`$/],
    ['zulu-8', /`8`$/],
    ['go1.22', /`1.22`$/],
    ['python3.9', /`3.9`$/],
    ['banana', /^a range such as/],
    ['>=x.y', /`latest` for any/],
  ])('says what to write instead of the alias %s', (text, expected) => {
    for (const scheme of ['semver', 'java', 'deb', 'rpm', 'plain'] as const) {
      if (scheme === 'semver') expect(refusal(text, scheme)).toMatch(expected);
      expect(refusal(text, scheme)).toBeDefined();
    }
  });

  it.each<[text: string, scheme: SchemeName]>([
    ['>=2 <1', 'semver'],
    ['>2 <2', 'semver'],
    ['>2 <3', 'semver'],
    ['>=2 <2', 'semver'],
    ['^1 ^2', 'semver'],
    ['>=1 <2 !=1', 'semver'],
    ['3 - 2', 'semver'],
    ['18 || >=3 <2', 'semver'],
    ['<0', 'semver'],
    ['>=1.0.0-rc.1 <1.0', 'semver'],
    ['>=3.13.0rc1 <3.13.0', 'pep440'],
    ['>=9 <8u292', 'java'],
    ['>=1:1 <1:0.9', 'deb'],
    ['>1.2-1 <1.2', 'deb'],
    ['>=1.0 <1.0_rc1', 'apk'],
    ['==3.9.* !=3.9.*', 'pep440'],
    ['>1.0 <1.0.post1', 'pep440'],
    ['>=2024.10 <2024.9', 'calver'],
    ['~> 3.0 ~> 4.0', 'gem'],
    ['>=2 <2-rc1', 'maven'],
    ['>=1.1.1w <1.1.1b', 'plain'],
  ])('refuses %s of %s, which no version can meet', (text, scheme) => {
    expect(refusal(text, scheme)).toMatch(/^a range that a version can meet, such as `.*`; none meets `.*`$/);
  });

  it.each([
    ['20, 22', '20 || 22'],
    ['20 22', '20 || 22'],
    ['=20 =22', '20 || 22'],
    ['18 and 20', '18 || 20'],
    ['18 or 20', '18 || 20'],
    ['18 OR >=20', '18 || >=20'],
    ['>= 20 and < 22', '>= 20 < 22'],
    ['at least 20', '>=20'],
    ['at most 20', '<=20'],
    ['20 or newer', '>=20'],
    ['v20 and above', '>=v20'],
    ['20 or older', '<=20'],
    ['20 or or 22', '18 || >=20 <22'],
  ])('translates %s', (text, right) => {
    expect(refusal(text)?.match(/`([^`]*)`/)?.[1]).toBe(right);
    expect(refusal(right)).toBeUndefined();
  });

  it.each<[text: string, scheme: SchemeName]>([
    ['>=2 <=2', 'semver'],
    ['>1.0.0-rc.1 <1.0.0-rc.2', 'semver'],
    ['>=1.0.0-rc.1 <1.0.0', 'semver'],
    ['>=17.0.1+7 <17.0.1+9', 'java'],
    ['>1 <1.0', 'deb'],
    ['>1.2 <1.2.1', 'rpm'],
    ['>1.0_rc1 <1.0', 'apk'],
    ['>1.dev1 <1.0.1', 'pep440'],
    ['>1.post1 <2', 'pep440'],
    ['>1.0 <1.0.1', 'gem'],
    ['>1.1.1 <1.1.1b', 'plain'],
  ])('accepts %s of %s, though few versions meet it', (text, scheme) =>
    expect(refusal(text, scheme)).toBeUndefined(),
  );

  it.each<[text: string, scheme: SchemeName, expected: string]>([
    ['>=3.9.*', 'pep440', '`>=3.9`, or `3.9.*` without `>=`'],
    ['>=1.0+cu118', 'pep440', '`>=1.0`, as a local part is only compared with `==`'],
    ['==1.0rc1.*', 'pep440', 'only numbers before `.x` or `.*`'],
    ['banana', 'deb', 'a range such as `>=1.2 <2`'],
    ['temurin-21', 'rpm', 'the version without a name: `21`'],
  ])('refuses %s of %s by the rules of that scheme', (text, scheme, expected) =>
    expect(refusal(text, scheme)).toBe(expected),
  );
});
