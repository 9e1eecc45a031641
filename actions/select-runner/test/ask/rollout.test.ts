import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rolloutPoint } from '../../src/ask/rollout.ts';

const at = (subject: string, name = 'unit') => rolloutPoint({ repositoryId: '1', name, subject });

it('is the same for the same subject, lies from 0 to 1, and differs by rollout', () => {
  fc.assert(
    fc.property(fc.string(), (subject) => {
      expect(at(subject)).toBe(at(subject));
      expect(at(subject)).toBeGreaterThanOrEqual(0);
      expect(at(subject)).toBeLessThan(1);
    }),
  );
  expect(at('run 1', 'unit')).not.toBe(at('run 1', 'docs'));
});

it('is spread evenly: a share of 30% takes about 30%', () => {
  const taken = Array.from({ length: 10_000 }, (_, run) => at(`run ${run}`)).filter(
    (point) => point < 0.3,
  ).length;
  expect(taken).toBeGreaterThan(2_800);
  expect(taken).toBeLessThan(3_200);
});
