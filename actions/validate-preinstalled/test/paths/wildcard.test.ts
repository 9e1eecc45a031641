import { describe, expect, it } from 'vitest';
import { matchesName } from '../../src/paths/wildcard.ts';

describe('matchesName', () => {
  it.each([
    ['*', 'a', true],
    ['*', '.a', false],
    ['.*', '.a', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbY', false],
    ['?.bin', 'a.bin', true],
    ['?.bin', '.bin', false],
    ['[ab]', 'a', false],
    ['[ab]', '[ab]', true],
    ['**x', 'yx', true],
    ['', '', true],
  ])('compares %j with %j: %s', (pattern, name, expected) =>
    expect(matchesName(pattern, name)).toBe(expected),
  );

  it('is not slow for many stars', () => {
    expect(matchesName(`${'*a'.repeat(100)}b`, 'a'.repeat(250))).toBe(false);
  });
});
