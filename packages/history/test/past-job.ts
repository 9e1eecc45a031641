import type { PastJob } from '../src/history.ts';

const second = 1_000;
const hour = 3_600_000;
export const now = Date.parse('2026-11-21T12:00:00Z');

/** Creates a successful job of run `runId`. A higher number ended later: run 100 ended an hour before `now`. */
export function pastJob(
  runId: number,
  { seconds = 60, ...change }: Partial<PastJob> & { seconds?: number } = {},
): PastJob {
  const completedAt = now - (101 - runId) * hour;
  const startedAt = completedAt - seconds * second;
  return {
    ...{ id: runId * 10, runId, name: 'build', status: 'completed', conclusion: 'success' },
    ...{ labels: ['self-hosted', 'linux', 'big'], runnerId: 7, runnerName: 'r7', runnerGroup: 'Default' },
    ...{ createdAt: startedAt - 5 * second, startedAt, completedAt, steps: [] },
    ...change,
  };
}

/** Creates one run for each duration in seconds. The last one is run 100. */
export function pastJobs(durations: readonly number[], change: Partial<PastJob> = {}): PastJob[] {
  return durations.map((seconds, index) => pastJob(101 - durations.length + index, { seconds, ...change }));
}

export function times<T>(amount: number, value: T): T[] {
  return Array.from({ length: amount }, () => value);
}
