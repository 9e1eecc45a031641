import { describe, expect, it } from 'vitest';
import { judge, type Judgement, parseRange, type SchemeName } from '../../src/versions/index.ts';

function judged(text: string, found: string, scheme: SchemeName, prerelease = false): Judgement {
  const range = parseRange(text, scheme);
  if ('expected' in range) throw new Error(`${text} is refused: ${range.expected}`);
  return judge(range, found, { prerelease });
}

describe('judge, for tools', () => {
  it.each([
    ['v20.11.1', '20'],
    ['20.3.0', '20.x'],
    ['v1.32.4-dispatcher', '>=1.32.4'],
    ['24.0.7-1', '>=24.0.7'],
    ['24.0.7-0', '>=24.0.7'],
    ['8.5.0-r0', '>=8.5.0'],
    ['9.2p1', '>=9.2'],
    ['1.8.0_402', '>=1.8'],
    ['22.04', '22.04'],
    ['1.2.3.4', '>=1.2.3.3'],
    ['2024.10', '>=2024.9'],
    ['1.10', '>=1.9'],
    ['2.39.3 (Apple Git-146)', '>=2.39.3'],
    ['2.43.0.windows.1', '>=2.43.0'],
    ['12.2.rel1-1', '>=12.2'],
    ['5.2.15(1)-release', '>=5.2.15'],
    ['3.3a', '>=3.3'],
    ['1.0.2b', '>=1.0.2'],
    ['3.14.0+gc309b6f', '>=3.14.0'],
    ['1.2.0-14-g1234abc', '>=1.2.0'],
    ['1.2.0-g1234abc', '>=1.2.0'],
    ['1.2.0-ea12345', '>=1.2.0'],
    ['1.7.0+dev', '>=1.7.0'],
    ['18.19.1', '<19.0.0-0'],
  ])('lets %s meet %s, as the suffix is no pre-release', (found, range) =>
    expect(judged(range, found, 'semver')).toMatchObject({ met: true }),
  );

  it.each([
    ['21.0.0', '20'],
    ['25.0.0', '>= 20 < 25'],
    ['0.3.1', '^0.2'],
    ['22.04', '>=22.10'],
    ['1.2.3.4', '>1.2.3.4'],
    ['1.1', '1.10'],
    ['1.10', '1.1'],
    ['19.0.0', '<19.0.0-0'],
    ['19.0.0-rc.1', '<19.0.0-0'],
  ])('lets %s not meet %s', (found, range) => {
    const judgement = judged(range, found, 'semver');
    expect(judgement).toMatchObject({ met: false });
    expect(judgement).not.toHaveProperty('why');
  });

  it.each([
    '1.2.0-rc.1',
    '1.2.0rc2',
    '1.2.0-alpha',
    '1.2.0-beta.3',
    '1.2.0-preview.7.24407.12',
    '1.2.0-pre',
    '1.2.0-dev',
    '1.2.0-dev-20240101',
    '1.2.0-nightly20240101',
    '1.2.0-ea+36',
    '1.2.0-SNAPSHOT',
    '1.2.0-canary.4',
    '1.2.0-M1',
    '1.2.0.CR1',
    '1.2.0-next.1',
    '1.2.0-insiders',
    '1.2.0-testing.1',
    '1.2.0~rc1',
    '1.2.0a1',
    '1.2.0b2',
    '1.2.0.rc1.windows.1',
    '1.2.0-vendor-rc1',
    '1.2.0-rc1-14-g1234abc',
    '1.2.0-0.20240101123456-abcdef123456',
    '1.2.0 (beta)',
    '1.2.0 RC1',
  ])('refuses the pre-release %s, unless pre-releases are allowed', (found) => {
    expect(judged('>=1.2.0', found, 'semver')).toEqual({
      met: false,
      rule: 'by its numbers',
      why: 'a pre-release',
    });
    expect(judged('>=1.2.0', found, 'semver', true)).toMatchObject({ met: true });
    expect(judged('>=1.3', found, 'semver', true)).toMatchObject({ met: false });
    expect(judged('latest', found, 'semver')).toMatchObject({ met: true });
  });

  it('orders pre-releases that the range names with the same numbers, as npm does', () => {
    const range = '>=1.0.0-rc.2 <2';
    const found = [
      '1.0.0-beta',
      '1.0.0-rc.1',
      '1.0.0-rc.2',
      '1.0.0-rc.10',
      '1.0.0',
      '1.1.0-rc.3',
      '2.0.0-rc.1',
    ];
    const met = found.filter(
      (version) => 'met' in judged(range, version, 'semver') && judgedMet(range, version),
    );
    expect(met).toEqual(['1.0.0-rc.2', '1.0.0-rc.10', '1.0.0']);
  });

  it('does not let the exclusion of a pre-release allow others', () =>
    expect(judged('<2 !=1.0.0-rc.1', '1.0.0-rc.2', 'semver')).toMatchObject({ met: false }));

  it.each([
    ['1.0.0-rc10', '>=1.0.0-rc9'],
    ['1.2.0c1', '>=1.2'],
    ['1.2.0-b12', '>=1.2'],
    ['2024-10-01', '>=2024.10'],
    ['1:9.6p1-3', '>=8.5'],
    ['1!2.0', '>=1'],
    ['banana', '>=1'],
    ['', '>=1'],
    [`1.${'0'.repeat(300)}`, '>=1'],
  ])('does not guess whether %s meets %s', (found, range) => {
    const judgement = judged(range, found, 'semver');
    expect(judgement).toHaveProperty('unknown');
    expect(judgement).not.toHaveProperty('met');
  });

  it('answers where every reading of an unclear version gives the same answer', () => {
    expect(judged('>=1.3', '1.2.0-b12', 'semver')).toMatchObject({ met: false });
    expect(judged('>=1.2', '1.2.0-b12', 'semver', true)).toMatchObject({ met: true });
  });

  it('takes any text for presence', () =>
    expect(judged('latest', 'banana', 'semver')).toEqual({ met: true, rule: 'as any version will do' }));
});

function judgedMet(range: string, found: string): boolean {
  const judgement = judged(range, found, 'semver');
  return 'met' in judgement && judgement.met;
}

describe('judge, by the rules of an ecosystem', () => {
  it.each<[scheme: SchemeName, found: string, range: string, met: boolean, rule: string]>([
    ['semver', 'v1.32.4-dispatcher', '>=1.32.4', true, 'by its numbers, without the suffix `-dispatcher`'],
    ['java', '1.8.0_292', '1.8', true, 'by Java’s rules (1.8 is 8)'],
    ['java', '1.8.0_292', '8', true, 'by Java’s rules (1.8 is 8)'],
    ['java', '1.8.0_292', '>=8u292', true, 'by Java’s rules (1.8 is 8)'],
    ['java', '8u291', '>=1.8.0_292', false, 'by Java’s rules (1.8 is 8)'],
    ['java', '17.0.10+7', '>=17.0.10', true, 'by Java’s rules (1.8 is 8), without the build'],
    ['java', '17.0.10+6', '>=17.0.10+7', false, 'by Java’s rules (1.8 is 8)'],
    ['java', '1.1.8', '~1.1.0', false, 'by Java’s rules (1.8 is 8)'],
    ['java', '1.1.0', '~1.1.0', true, 'by Java’s rules (1.8 is 8)'],
    ['java', '11.0.22', '^8', false, 'by Java’s rules (1.8 is 8)'],
    ['deb', '1:9.6p1-3ubuntu13', '>=8.5', true, 'by Debian’s rules, without the epoch and the revision'],
    ['deb', '3.0.19-1~deb12u2', '3', true, 'by Debian’s rules, without the revision'],
    ['deb', '30.1', '3', false, 'by Debian’s rules'],
    ['deb', '5.2.15-2+b8', '>=5.2.15-3', false, 'by Debian’s rules'],
    ['deb', '5.2.15-2+b8', '5.2.15-2', true, 'by Debian’s rules'],
    ['deb', '1:2.0-1', '>=1:2 <1:3', true, 'by Debian’s rules, without the revision'],
    ['deb', '2.0-1', '>= 1:2', false, 'by Debian’s rules, without the revision'],
    ['deb', '20.10.24+dfsg1-1+b3', '20.10.24', true, 'by Debian’s rules, without the revision'],
    ['deb', '1.6~rc1-1', '1.6', false, 'by Debian’s rules, without the revision'],
    ['deb', '2.0~rc1-1', '>=1.0', true, 'by Debian’s rules, without the revision'],
    ['rpm', '1:3.0.7-24.el9', '>=3.0.7', true, 'by RPM’s rules, without the epoch and the release'],
    ['rpm', '0:3.0.7-24.el9', '3', true, 'by RPM’s rules, without the release'],
    ['rpm', '3.0.7-24.el9', '>=3.0.7-25', false, 'by RPM’s rules'],
    ['rpm', '3.0.7-24.el9', '3.0.7-24', true, 'by RPM’s rules'],
    ['rpm', '3.0~rc1-1', '3.0', false, 'by RPM’s rules, without the release'],
    ['apk', '8.5.0-r0', '>=8.5.0', true, 'by Alpine’s rules, without the revision'],
    ['apk', '8.5.0-r0', '>=8.5.0-r1', false, 'by Alpine’s rules'],
    ['apk', '8.5.0_rc1-r0', '>=8.5.0', false, 'by Alpine’s rules, without the revision'],
    ['apk', '8.5.0_p1-r0', '8.5.0', true, 'by Alpine’s rules, without the revision'],
    ['apk', '8.5_rc1', '8.5', false, 'by Alpine’s rules'],
    ['pep440', '3.13.0rc1', '3.13.0rc1', true, 'by Python’s rules (PEP 440)'],
    ['pep440', '3.13.0rc2', '>=3.13.0rc1', true, 'by Python’s rules (PEP 440)'],
    ['pep440', '2.1.0+cu118', '==2.1', true, 'by Python’s rules (PEP 440), without the local part'],
    ['pep440', '1.0.post1', '>=1.0', true, 'by Python’s rules (PEP 440)'],
    ['pep440', '3.10.2', '!=3.10.*', false, 'by Python’s rules (PEP 440)'],
    ['maven', '32.1.3-jre', '>=32', true, 'by Maven’s rules'],
    ['maven', '3.8.7', '^3.8', true, 'by Maven’s rules'],
    ['calver', '22.04', '22.04', true, 'by its numbers, position by position'],
    ['calver', '2024-10-01', '>=2024.9.30', true, 'by its numbers, position by position'],
    ['gem', '3.0.4', '~> 3.0', true, 'by RubyGems’ rules'],
    ['gem', '4.0', '~> 3.0', false, 'by RubyGems’ rules'],
    ['plain', '1.1.1w', '>=1.1.1w', true, 'by numbers and letters in turn'],
    ['plain', '1.1.1v', '>=1.1.1w', false, 'by numbers and letters in turn'],
    ['plain', '1.1.1w', '1.1.1', true, 'by numbers and letters in turn'],
    ['plain', '1.1.1w', '>1.1.1', true, 'by numbers and letters in turn'],
    ['plain', '1.0.2rc1', '>=1.0.2', true, 'by numbers and letters in turn'],
  ])('%s: %s against %s', (scheme, found, range, met, rule) =>
    expect(judged(range, found, scheme)).toEqual({ met, rule }),
  );

  it.each<[scheme: SchemeName, found: string, range: string]>([
    ['java', '21-ea+35', '>=21'],
    ['java', '21.0.5-beta+7', '>=21'],
    ['java', '22-internal+0-2024', '>=21'],
    ['pep440', '3.13.0rc1', '>=3.13'],
    ['pep440', '3.14.0a1', '>=3.13'],
    ['pep440', '3.13.1.dev0', '>=3.13'],
    ['maven', '4.0.0-SNAPSHOT', '>=3.8'],
    ['maven', '4.0.0-rc-2', '>=3.8'],
    ['maven', '4.0.0-M1', '>=3.8'],
    ['calver', '24.04-beta', '>=22.04'],
    ['gem', '3.0.0.pre1', '>=2'],
  ])('%s: the pre-release %s does not meet %s unless allowed', (scheme, found, range) => {
    expect(judged(range, found, scheme)).toMatchObject({ met: false, why: 'a pre-release' });
    expect(judged(range, found, scheme, true)).toMatchObject({ met: true });
  });

  it.each<[scheme: SchemeName, found: string]>([
    ['deb', 'banana'],
    ['deb', '1:'],
    ['deb', '1-'],
    ['deb', '1 2'],
    ['rpm', '1-2-3'],
    ['apk', '1.0-1'],
    ['apk', '1.0_foo'],
    ['pep440', '1.0-foo'],
    ['maven', 'v1'],
    ['gem', '1..2'],
    ['java', 'openjdk'],
    ['calver', 'Noble'],
    ['plain', 'n6.1'],
  ])('%s: says that %j cannot be compared', (scheme, found) => {
    expect(judged('>=1', found, scheme)).toEqual({
      unknown: expect.stringContaining('cannot be compared by'),
    });
  });
});
