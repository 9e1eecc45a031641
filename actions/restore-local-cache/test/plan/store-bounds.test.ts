import { describe, expect, it } from 'vitest';
import { limitBounds } from '../../src/plan/store-bounds.ts';

const team = {
  maxSize: { bytes: 10e9 },
  maxRepositorySize: undefined,
  maxAge: 1000,
  minFree: { share: 0.1 },
};

describe('limitBounds', () => {
  it.each([
    [{}, []],
    [{ 'max-size': { bytes: 20e9 }, 'max-age': 2000, 'min-free': { share: 0.05 } }, []],
    [{ 'max-size': { bytes: 2 ** 30 } }, ["'max-size' to 1.0 GiB"]],
    [{ 'max-size': { share: 0.07 } }, ["'max-size' to 7 % of the disk"]],
    [{ 'min-free': { share: 0.2 } }, ["'min-free' to at least 20 % of the disk"]],
    [{ 'max-age': 500 }, ["'max-age' to 500 ms"]],
  ])('lists the limits of the policy %o that may be stricter than those of the team', (policy, limits) => {
    expect(limitBounds(team, policy).limits).toEqual(limits);
  });
});
