// Situation 24: the share of good jobs within a day.
import { describe, expect, it } from 'vitest';
import { dailySuccessRule, judgeSuccess } from '../src/success-share.ts';
import { now, pastJob } from './past-job.ts';

const hour = 3_600_000;
/** Jobs with these numbers of conclusions, which ended that many hours ago. */
const jobs = (counts: Record<string, number>, hours = 1) =>
  Object.entries(counts).flatMap(([conclusion, amount]) =>
    Array.from({ length: amount }, (_, index) =>
      pastJob(index, { conclusion, completedAt: now - hours * hour }),
    ),
  );
const judge = (...all: ReturnType<typeof jobs>[]) => judgeSuccess(all.flat(), dailySuccessRule, now);

describe('judgeSuccess', () => {
  it('is low below 80 percent, and says the counts', () => {
    expect(judge(jobs({ success: 7, failure: 2, timed_out: 1 }))).toEqual({
      ...{ verdict: 'low', good: 7, bad: 3, leftOut: 0, share: 0.7 },
    });
  });

  it.each([
    ['exactly 80 percent', { success: 8, failure: 2 }, 'none'],
    ['nine jobs, all of which failed', { failure: 9 }, 'learning'],
    ['no job', {}, 'learning'],
  ])('judges %s', (_case, counts, verdict) => expect(judge(jobs(counts))).toMatchObject({ verdict }));

  it('leaves out a conclusion that is not known, even one that each object has', () => {
    expect(judge(jobs({ success: 10, constructor: 3, odd: 2 }))).toMatchObject({
      good: 10,
      bad: 0,
      leftOut: 5,
    });
  });

  it('leaves out what was cancelled or skipped', () => {
    expect(judge(jobs({ success: 5, failure: 4, cancelled: 40, skipped: 40 }))).toMatchObject({
      ...{ verdict: 'learning', good: 5, bad: 4, leftOut: 80 },
    });
  });

  it('leaves out what ended more than a day ago', () => {
    const old = jobs({ failure: 20 }, 24.1);
    expect(judge(jobs({ success: 10 }), old)).toMatchObject({ verdict: 'none', good: 10, bad: 0 });
    expect(judge(jobs({ success: 10 }), jobs({ failure: 20 }, 24))).toMatchObject({ verdict: 'low' });
  });

  it('leaves out what did not end', () => {
    const running = jobs({ success: 10 }).map((job) => ({ ...job, completedAt: undefined }));
    expect(judge(running)).toMatchObject({ verdict: 'learning', share: undefined });
  });
});
