import { describe, expect, it } from 'vitest';
import { judge, parseRange, type SchemeName, schemes } from '../../src/versions/index.ts';

/** Returns which versions meet the range. */
function met(range: string, versions: readonly string[], scheme: SchemeName): string[] {
  const parsed = parseRange(range, scheme);
  if ('expected' in parsed) throw new Error(`${range} is refused: ${parsed.expected}`);
  return versions.filter((version) => {
    const judgement = judge(parsed, version);
    return 'met' in judgement && judgement.met;
  });
}

describe('the grammar of ranges', () => {
  const versions = ['1.1.9', '1.2.0', '1.2.9', '1.3.0', '1.10.0', '2.0.0', '2.1.0', '3.0.0'];
  it.each<[range: string, met: string[]]>([
    ['1', ['1.1.9', '1.2.0', '1.2.9', '1.3.0', '1.10.0']],
    ['1.2', ['1.2.0', '1.2.9']],
    ['1.1', ['1.1.9']],
    ['1.10', ['1.10.0']],
    ['1.x', ['1.1.9', '1.2.0', '1.2.9', '1.3.0', '1.10.0']],
    ['1.2.*', ['1.2.0', '1.2.9']],
    ['1.X.X', ['1.1.9', '1.2.0', '1.2.9', '1.3.0', '1.10.0']],
    ['v2', ['2.0.0', '2.1.0']],
    ['^1.2', ['1.2.0', '1.2.9', '1.3.0', '1.10.0']],
    ['~1.2', ['1.2.0', '1.2.9']],
    ['~1.2.5', ['1.2.9']],
    ['~1', ['1.1.9', '1.2.0', '1.2.9', '1.3.0', '1.10.0']],
    ['~> 1.3', ['1.3.0', '1.10.0']],
    ['~> 1.2.1', ['1.2.9']],
    ['~=1.3', ['1.3.0', '1.10.0']],
    ['==1.2.*', ['1.2.0', '1.2.9']],
    ['=2.0.0', ['2.0.0']],
    ['== 2.0.0', ['2.0.0']],
    ['>=1 !=1.2 <2', ['1.1.9', '1.3.0', '1.10.0']],
    ['>=2 <3', ['2.0.0', '2.1.0']],
    ['>= 2 < 3', ['2.0.0', '2.1.0']],
    ['>=2<3', ['2.0.0', '2.1.0']],
    ['>=2, <3', ['2.0.0', '2.1.0']],
    ['1.2.5 - 2', ['1.2.9', '1.3.0', '1.10.0', '2.0.0', '2.1.0']],
    ['1.2 || 3', ['1.2.0', '1.2.9', '3.0.0']],
    ['  3  ', ['3.0.0']],
    ['>1.2', ['1.3.0', '1.10.0', '2.0.0', '2.1.0', '3.0.0']],
    ['<=1.2', ['1.1.9', '1.2.0', '1.2.9']],
    ['>>2.0.0', ['2.1.0', '3.0.0']],
    ['<<1.2', ['1.1.9']],
    ['<2.0.0-0', ['1.1.9', '1.2.0', '1.2.9', '1.3.0', '1.10.0']],
  ])('takes %s for exactly what it means', (range, expected) =>
    expect(met(range, versions, 'semver')).toEqual(expected),
  );

  it.each(['latest', '*', 'any', 'x', ' Latest '])('takes %j for presence', (text) => {
    const range = parseRange(text, 'semver');
    expect(range).toMatchObject({ any: true, text: text.trim() });
    expect(range).not.toHaveProperty('expected');
  });

  it.each<[range: string, met: string[]]>([
    ['^0.2', ['0.2.0', '0.2.5']],
    ['^0.2.3', ['0.2.5']],
    ['^0.0.1', ['0.0.1']],
    ['^0', ['0.0.1', '0.2.0', '0.2.5', '0.3.0']],
  ])('keeps the first number that is not 0 in %s', (range, expected) =>
    expect(met(range, ['0.0.1', '0.2.0', '0.2.5', '0.3.0', '1.0.0'], 'semver')).toEqual(expected),
  );

  it('reads RubyGems’ operator before one number in the scheme gem only', () => {
    expect(met('~> 3', ['3.1', '4.0'], 'gem')).toEqual(['3.1']);
    expect(parseRange('~> 3', 'semver')).toEqual({
      expected: '`^3` or `>=3`; RubyGems and Terraform disagree about `~>3`',
    });
  });

  it.each(schemes.filter((scheme) => scheme !== 'calver'))('has one grammar for the scheme %s', (scheme) => {
    const versions = ['1.9', '2.0', '2.5', '3.0'];
    for (const range of ['2', '2.x', '^2.0', '~>2.0', '~=2.0', '>=2.0 <3.0', '2.0 - 2.9', '2.0 || 2.5']) {
      expect(met(range, versions, scheme), range).toEqual(['2.0', '2.5']);
    }
    expect(met('!=2.0', versions, scheme)).toEqual(['1.9', '2.5', '3.0']);
  });

  it('has no caret for dates, and says so', () => {
    expect(parseRange('^2024.1', 'calver')).toEqual({
      expected: 'a range without `^`, as numbers of a date promise no compatibility: `>=2024.1`',
    });
    expect(met('~2024.10', ['2024.9', '2024.10.1', '2024.11'], 'calver')).toEqual(['2024.10.1']);
  });

  it('takes a bound for one version where the ecosystem does', () => {
    expect(met('>1.2', ['1.2', '1.2.1'], 'deb')).toEqual(['1.2.1']);
    expect(met('=1.2', ['1.2', '1.2.1'], 'deb')).toEqual(['1.2']);
    expect(met('==3.9', ['3.9', '3.9.0', '3.9.1'], 'pep440')).toEqual(['3.9', '3.9.0']);
    expect(met('>3.9', ['3.9', '3.9.post1', '3.9.1'], 'pep440')).toEqual(['3.9.1']);
    expect(met('= 1.2', ['1.2', '1.2.0', '1.2.1'], 'gem')).toEqual(['1.2', '1.2.0']);
  });
});
