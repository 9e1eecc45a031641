import { describe, expect, it } from 'vitest';
import { compareVersions, type SchemeName } from '../../src/versions/index.ts';

describe('compareVersions', () => {
  // Each line lists versions from low to high.
  it.each<[scheme: SchemeName, ascending: string[]]>([
    [
      'semver',
      ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11'],
    ],
    ['semver', ['1.0.0-rc.1', '1.0.0', '1.0.0.1', '1.0.1', '1.2', '1.10', '22.04', '2024.9', '2024.10']],
    [
      'java',
      ['1.4.2', '1.8', '8u291', '1.8.0_292', '8u292-b10', '9', '11.0.22+6', '11.0.22+7', '21-ea+35', '21'],
    ],
    ['deb', ['1.0~~', '1.0~rc1', '1.0', '1.0-1', '1.0-1+b1', '1.0a', '1.0+dfsg', '1.0.1', '1.10', '1:0.9']],
    ['deb', ['9.2', '9.2p1', '9.3']],
    [
      'rpm',
      ['1.0~rc1', '1.0', '1.0-1.el8', '1.0-1.el9', '1.0^git1', '1.0A', '1.0a', '1.0.1', '1.10', '1:0.9'],
    ],
    [
      'apk',
      ['1.0_alpha', '1.0_beta2', '1.0_pre', '1.0_rc1', '1.0', '1.0-r0', '1.0-r10', '1.0_cvs', '1.0_svn'],
    ],
    [
      'apk',
      ['1.0_svn', '1.0_git', '1.0_hg', '1.0_p', '1.0_p1', '1.0a', '1.0b', '1.0.1', '1.05', '1.1', '1.10'],
    ],
    [
      'pep440',
      ['1.0.dev1', '1.0a1.dev1', '1.0a1', '1.0a1.post1', '1.0b1', '1.0rc1', '1.0', '1.0+a', '1.0+1'],
    ],
    ['pep440', ['1.0', '1.0.post1.dev1', '1.0.post1', '1.0.1', '1.1', '1.10', '1!0.1']],
    [
      'maven',
      ['1-alpha-1', '1-beta', '1-M2', '1-rc1', '1-SNAPSHOT', '1', '1-sp', '1-foo', '1-1', '1.1', '1.10'],
    ],
    ['calver', ['20.04', '22.04', '22.04.3', '22.10', '2024.9', '2024-09-30', '2024.10.1']],
    ['gem', ['1.0.a', '1.0.b1', '1.0.b2', '1.0.b10', '1.0.pre', '1.0-1', '1.0', '1.0.1', '1.10']],
    ['plain', ['1.0.2', '1.0.2k', '1.0.2z', '1.0.2za', '1.1.1', '1.1.1v', '1.1.1w', '3.0', '3.0.11', '10']],
  ])('orders by the scheme %s: %j', (scheme, ascending) => {
    for (const [index, one] of ascending.entries()) {
      for (const [place, other] of ascending.entries()) {
        const order = Math.sign(index - place);
        expect(compareVersions(scheme, one, other), `${one} against ${other}`).toBe(order);
      }
    }
  });

  it.each<[scheme: SchemeName, one: string, other: string]>([
    ['semver', 'v1.2', '1.2.0'],
    ['semver', '9.2p1', '9.2'],
    ['semver', '1.0+build', '1.0'],
    ['java', '1.8', '8'],
    ['java', '1.8.0_292', '8.0.292'],
    ['deb', '1.05', '1.5'],
    ['deb', '1.0', '1.0-0'],
    ['deb', '0:1', '1'],
    ['rpm', '1.05', '1.5'],
    ['rpm', '1_0', '1.0'],
    ['pep440', '1.0-PREVIEW_2', '1rc2'],
    ['pep440', 'v1.0-1', '1.0.post1'],
    ['pep440', '1.0.alpha', '1a0'],
    ['maven', '1.0.0', '1'],
    ['maven', '1-cr2', '1-RC2'],
    ['maven', '1-a1', '1-alpha-1'],
    ['maven', '1.0.Final', '1-ga'],
    ['calver', '22.04', '22.4'],
    ['gem', '1.0', '1'],
    ['gem', '1.0.a', '1.a'],
    ['plain', '1.0B', '1.0b'],
  ])('%s: %s equals %s', (scheme, one, other) => expect(compareVersions(scheme, one, other)).toBe(0));

  it('differs between schemes', () => {
    expect(compareVersions('deb', '1.0-alpha', '1.0')).toBe(1);
    expect(compareVersions('semver', '1.0-alpha', '1.0')).toBe(-1);
    expect(compareVersions('apk', '1.05', '1.1')).toBe(-1);
    expect(compareVersions('deb', '1.05', '1.1')).toBe(1);
  });

  it('compares numbers of any size exactly', () =>
    expect(compareVersions('deb', `1.${'9'.repeat(30)}8`, `1.${'9'.repeat(31)}`)).toBe(-1));

  it('has no answer for a text that is no version', () => {
    expect(compareVersions('deb', '1', 'banana')).toBeUndefined();
    expect(compareVersions('deb', '', '1')).toBeUndefined();
    expect(compareVersions('deb', '1', '1'.repeat(201))).toBeUndefined();
  });
});
