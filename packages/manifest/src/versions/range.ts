import { parseDebRange, parseDebVersion, satisfiesDeb } from './deb.ts';
import { isAny, parseRange as parseTolerant, parseVersion, satisfies } from './tolerant.ts';

export const schemes = [
  'semver',
  'deb',
  'rpm',
  'apk',
  'pep440',
  'maven',
  'calver',
  'gem',
  'plain',
  'java',
] as const;
export type SchemeName = (typeof schemes)[number];
export interface Range {
  scheme: SchemeName;
  text: string;
  any: boolean;
}
export function parseRange(text: string, scheme: SchemeName): Range | { expected: string } {
  const deb = scheme === 'deb';
  const parsed = deb ? parseDebRange(text) : parseTolerant(text);
  if (parsed === undefined) return { expected: 'a range such as 20, ^20, >=20 <25 or latest' };
  return { scheme, text, any: !deb && isAny(parseTolerant(text) ?? []) };
}
export function judge(
  range: Range,
  found: string,
  options: { prerelease?: boolean } = {},
): { met: boolean; rule: string; why?: string } | { unknown: string } {
  if (range.scheme === 'deb') {
    const version = parseDebVersion(found);
    const parsed = parseDebRange(range.text);
    if (version === undefined || parsed === undefined) return { unknown: 'it is not a Debian version' };
    return { met: satisfiesDeb(version, parsed), rule: "by Debian's rules" };
  }
  const version = parseVersion(found);
  const parsed = parseTolerant(range.text);
  if (version === undefined || parsed === undefined) return { unknown: 'it is not a version' };
  const why = version.prerelease && options.prerelease !== true ? { why: 'a pre-release' } : {};
  return { met: satisfies(version, parsed, options.prerelease), rule: 'by numbers', ...why };
}
