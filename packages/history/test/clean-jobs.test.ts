// Situation 27: negative waits, jobs without a time of creation, and copies of re-runs.
import { describe, expect, it } from 'vitest';
import { cleanJobs, durationOf, waitOf } from '../src/clean-jobs.ts';
import { queueTimes } from '../src/history.ts';
import { pastJob } from './past-job.ts';

const job = pastJob(100);
const started = job.startedAt ?? 0;

describe('cleanJobs', () => {
  it('keeps jobs without a flaw, in their order, and counts nothing', () => {
    const jobs = [pastJob(3), pastJob(1), pastJob(2)];
    expect(cleanJobs(jobs)).toEqual({
      jobs,
      quality: { copies: 0, negativeWaits: 0, unknownWaits: 0, unknownDurations: 0 },
    });
  });

  it('removes the copy that a re-run made, whichever is listed first, and keeps its original', () => {
    const copy = { ...job, id: job.id + 1, createdAt: (job.completedAt ?? 0) + 60_000 };
    for (const jobs of [
      [job, copy],
      [copy, job],
    ])
      expect(cleanJobs(jobs)).toMatchObject({ jobs: [job], quality: { copies: 1, negativeWaits: 0 } });
  });

  it('keeps a job that a re-run repeated, for it has other times', () => {
    const again = { ...job, id: job.id + 1, startedAt: started + 500_000 };
    expect(cleanJobs([job, again])).toMatchObject({ jobs: [job, again], quality: { copies: 0 } });
  });

  it('keeps jobs of one run that no runner took', () => {
    const skipped = { ...job, conclusion: 'skipped', startedAt: undefined, runnerId: undefined };
    expect(cleanJobs([skipped, { ...skipped, id: 2 }]).jobs).toHaveLength(2);
  });

  it('counts a job that started before it was created, and takes its wait for 0', () => {
    const odd = { ...job, createdAt: started + 3_600_000 };
    expect(cleanJobs([odd])).toMatchObject({ jobs: [odd], quality: { negativeWaits: 1 } });
    expect(waitOf(odd)).toBe(0);
    expect(durationOf(odd)).toBe(60_000);
  });

  it('counts a job without a time of creation, and takes its wait for unknown', () => {
    const odd = { ...job, createdAt: started, isCreationUnknown: true as const };
    expect(cleanJobs([odd]).quality).toMatchObject({ unknownWaits: 1, negativeWaits: 0 });
    expect(waitOf(odd)).toBeUndefined();
    expect(queueTimes([odd, job])).toEqual([5_000]);
  });

  it.each([
    ['without an end', { completedAt: undefined }],
    ['that ended before it started', { completedAt: started - 1 }],
  ])('counts a successful job %s, and takes its duration for unknown', (_case, change) => {
    expect(cleanJobs([{ ...job, ...change }]).quality.unknownDurations).toBe(1);
    expect(durationOf({ ...job, ...change })).toBeUndefined();
  });
});
