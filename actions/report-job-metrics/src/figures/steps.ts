import type { RunJob } from '@runner-actions/github';
import type { Series } from '../sampling/sample.ts';

/** A step of the job, in seconds from the first sample. */
export interface JobStep {
  name: string;
  /** GitHub's conclusion; omitted until the step ends. */
  conclusion?: string;
  /** Omitted if the step did not run. GitHub gives whole seconds. */
  span?: { from: number; to: number };
}

/** The steps of the job, or why they are unknown. */
export type JobSteps = readonly JobStep[] | { unknown: string };

/** Returns the job in progress on this runner. A runner runs one job at a time, so any other number gives no result. */
export function ownJob(jobs: readonly RunJob[], runner: string): RunJob | undefined {
  const own = jobs.filter(({ runnerName, status }) => runnerName === runner && status === 'in_progress');
  return own.length === 1 ? own[0] : undefined;
}

/** Converts the steps. GitHub gives a skipped step times too, as if it had run for a moment: they are ignored. */
export function stepsOf({ steps }: Pick<RunJob, 'steps'>, { samples }: Pick<Series, 'samples'>): JobStep[] {
  const [origin, end] = [samples[0]?.wall ?? 0, samples.at(-1)?.wall ?? 0];
  return steps.map(({ name, conclusion, startedAt, completedAt }) => {
    const step = { name, ...(conclusion === undefined ? {} : { conclusion }) };
    if (startedAt === undefined || conclusion === 'skipped') return step;
    const [from, to] = [startedAt, completedAt ?? Math.max(end, startedAt)];
    return { ...step, span: { from: (from - origin) / 1000, to: (to - origin) / 1000 } };
  });
}
