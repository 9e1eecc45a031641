import type { RunJob } from '@runner-actions/github';
import { sampleAt } from './make-series.ts';

const start = sampleAt(0).wall;

/** Creates a step with times in seconds from the first sample, as GitHub's API gives it. */
export function stepAt(
  name: string,
  from?: number,
  to?: number,
  conclusion: string | undefined = to === undefined ? undefined : 'success',
): RunJob['steps'][number] {
  const time = (seconds: number | undefined) => (seconds === undefined ? undefined : start + seconds * 1000);
  return { name, number: 1, conclusion, startedAt: time(from), completedAt: time(to) };
}

/** Creates a job that was created and started at the given seconds from the first sample. */
export function jobOf(change: Partial<RunJob> = {}): RunJob {
  return {
    ...{ id: 1, name: 'build', status: 'in_progress', conclusion: undefined, labels: [], runnerId: 1 },
    ...{ runnerName: 'mine', runnerGroup: undefined, createdAt: start - 15_000, startedAt: start - 3_000 },
    ...{ completedAt: undefined, steps: [] },
    ...change,
  };
}
