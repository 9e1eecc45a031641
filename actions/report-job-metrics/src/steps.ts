import type { RunJob } from '@runner-actions/github';
import type { Series } from './sample.ts';

/** A step of the job, in seconds from the first sample. */
export interface JobStep {
  name: string;
  /** What GitHub says of how it ended; left out while it has not. */
  conclusion?: string;
  /** Left out where it did not run. GitHub tells whole seconds. */
  span?: { from: number; to: number };
}

/** What GitHub knows of the job's steps, or why that is not known. */
export type JobSteps = readonly JobStep[] | { unknown: string };

/** The one job that this runner is at: a runner has one at a time, so that any other number proves nothing. */
export function ownJob(jobs: readonly RunJob[], runner: string): RunJob | undefined {
  const own = jobs.filter(({ runnerName, status }) => runnerName === runner && status === 'in_progress');
  return own.length === 1 ? own[0] : undefined;
}

/** GitHub gives times to a skipped step too, by which it would have run for a moment. */
export function stepsOf({ steps }: Pick<RunJob, 'steps'>, { samples }: Pick<Series, 'samples'>): JobStep[] {
  const [origin, end] = [samples[0]?.wall ?? 0, samples.at(-1)?.wall ?? 0];
  return steps.map(({ name, conclusion, startedAt, completedAt }) => {
    const step = { name, ...(conclusion === undefined ? {} : { conclusion }) };
    if (startedAt === undefined || conclusion === 'skipped') return step;
    const [from, to] = [startedAt, completedAt ?? Math.max(end, startedAt)];
    return { ...step, span: { from: (from - origin) / 1000, to: (to - origin) / 1000 } };
  });
}
