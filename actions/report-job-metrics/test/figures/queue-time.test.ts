import { expect, it } from 'vitest';
import { queueTime } from '../../src/figures/queue-time.ts';

it('counts from the creation of the job to its start', () => {
  expect(queueTime({ createdAt: 5_000, startedAt: 17_000 })).toEqual({ seconds: 12 });
});

it('turns a negative time, as of a job that a re-run copied, into 0 and says so', () => {
  expect(queueTime({ createdAt: 17_000, startedAt: 5_000 })).toEqual({ seconds: 0, corrected: true });
});

it('is unknown without a start, and if the time of creation is only the start', () => {
  expect(queueTime({ createdAt: 5_000, startedAt: undefined })).toBeUndefined();
  expect(queueTime({ createdAt: 5_000, startedAt: 5_000, isCreationUnknown: true })).toBeUndefined();
});
