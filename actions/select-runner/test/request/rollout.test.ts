import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rolloutPoint } from '../../src/request/rollout.ts';

const at = (subject: string, name = 'unit') => rolloutPoint({ repositoryId: '1', name, subject });

describe('rolloutPoint', () => {
  it('returns the same number from 0 to 1 for the same subject, and another one for another rollout', () => {
    fc.assert(
      fc.property(fc.string(), (subject) => {
        expect(at(subject)).toBe(at(subject));
        expect(at(subject)).toBeGreaterThanOrEqual(0);
        expect(at(subject)).toBeLessThan(1);
      }),
    );
    expect(at('run 1', 'unit')).not.toBe(at('run 1', 'docs'));
  });

  it('spreads the runs evenly, so that a share of 30% takes about 30% of them', () => {
    const taken = Array.from({ length: 10_000 }, (_, run) => at(`run ${run}`)).filter(
      (point) => point < 0.3,
    ).length;
    expect(taken).toBeGreaterThan(2_800);
    expect(taken).toBeLessThan(3_200);
  });
});
