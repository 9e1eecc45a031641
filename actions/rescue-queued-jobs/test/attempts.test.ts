import type { RunJob } from '@runner-actions/github';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAttempts, maxAttempt } from '../src/attempts.ts';

const none = {
  ...{ id: 1, status: 'completed', conclusion: 'success', labels: ['self-hosted'], steps: [] },
  ...{ runnerId: undefined, runnerName: undefined, runnerGroup: undefined, createdAt: 0 },
  ...{ startedAt: undefined, completedAt: undefined },
};
const select = (at: number): RunJob => ({
  ...{ ...none, name: 'select', runnerId: 2, createdAt: at, startedAt: at + 1, completedAt: at + 2 },
});
const lost = (at: number): RunJob => ({
  ...{ ...none, name: 'build', conclusion: 'failure', runnerId: 1 },
  ...{ createdAt: at, startedAt: at + 3, completedAt: at + 9 },
});
const cancelled = (at: number): RunJob => ({
  ...{ ...none, name: 'build', conclusion: 'cancelled', createdAt: at, completedAt: at + 9 },
});
const queued = (at: number): RunJob => ({
  ...{ ...none, name: 'build', status: 'queued', conclusion: undefined, createdAt: at },
});
/** A job as GitHub lists it again in the next attempt: with a new id, created anew, at the old times. */
const again = (job: RunJob, at: number): RunJob => ({ ...job, id: at, createdAt: at });

describe('judgeAttempts', () => {
  const first = [select(0), lost(0)];
  it.each([
    ['a first attempt', [[select(0), queued(0)]]],
    ['a re-run of the failed jobs', [first, [again(select(0), 20), queued(20)]]],
    [
      'a second re-run of the failed jobs',
      [first, [again(select(0), 20), lost(20)], [again(select(0), 40), queued(40)]],
    ],
    [
      'a re-run of the jobs that somebody cancelled in the queue',
      [
        [select(0), cancelled(0)],
        [again(select(0), 20), queued(20)],
      ],
    ],
    [
      'a re-run of failed jobs after a re-run of all',
      [first, [select(20), lost(20)], [again(select(20), 40), queued(40)]],
    ],
  ])('may rescue %s', (_case, attempts) => expect(judgeAttempts(attempts)).toBeUndefined());

  it.each([
    ['a re-run of all jobs', [first, [select(20), queued(20)]]],
    [
      'a re-run of all jobs that carries over nothing but is listed without the old jobs',
      [first, [queued(20)]],
    ],
    [
      'a re-run of failed jobs after a rescue',
      [
        [select(0), cancelled(0)],
        [select(20), lost(20)],
        [again(select(20), 40), queued(40)],
      ],
    ],
    [
      'a re-run of failed jobs after the rescue of a re-run of failed jobs',
      [
        first,
        [again(select(0), 20), cancelled(20)],
        [select(40), cancelled(40)],
        [again(select(40), 60), queued(60)],
      ],
    ],
  ])('leaves %s', (_case, attempts) =>
    expect(judgeAttempts(attempts)).toMatchObject({ reason: 'second-attempt' }),
  );

  it('lets no run be rescued twice, whatever people and other workflows do with it', () => {
    const step = fc.record({ isStuck: fc.boolean(), rerun: fc.constantFrom('all', 'failed') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 2 * maxAttempt }), (steps) => {
        let rescues = 0;
        const attempts: RunJob[][] = [];
        let isNextPartial = false;
        for (const [index, { isStuck, rerun }] of steps.entries()) {
          const at = 20 * index;
          const old: RunJob | undefined = isNextPartial ? attempts.at(-1)?.[0] : undefined;
          const chosen: RunJob = old === undefined ? select(at) : again(old, at);
          const waiting = [...attempts, [chosen, queued(at)]];
          const isRescued = isStuck && waiting.length <= maxAttempt && judgeAttempts(waiting) === undefined;
          if (isRescued) rescues += 1;
          // Without a rescue, somebody cancels what is stuck.
          attempts.push([chosen, isStuck ? cancelled(at) : lost(at)]);
          isNextPartial = !isRescued && rerun === 'failed';
        }
        expect(rescues).toBeLessThanOrEqual(1);
      }),
    );
  });
});
