import { describe, expect, it } from 'vitest';
import { parseDebVersion, parseDebRange, satisfiesDeb } from '../src/deb-version.ts';

describe('satisfiesDeb and parseDebVersion', () => {
  it.each<[string, string, boolean]>([
    ['1:9.6p1-3ubuntu13', '>=8.5', true],
    ['3.0.19-1~deb12u2', '3', true],
    ['30.1', '3', false],
    ['5.2.15-2+b8', '>=5.2.15-3', false],
    ['1:2.0-1', '>=1:2 <1:3', true],
    ['2.0-1', '>= 1:2', false],
  ])('reports whether %s is in the range %s: %s', (found, range, expected) => {
    const [version, parsed] = [parseDebVersion(found), parseDebRange(range)];
    expect(version && parsed && satisfiesDeb(version, parsed)).toBe(expected);
  });

  it.each(['', 'banana', '1:', '1:x', 'a:1', '1 2'])('rejects %j as a version', (text) =>
    expect(parseDebVersion(text)).toBeUndefined(),
  );
});
