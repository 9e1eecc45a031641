import { type Step, withinDeadline } from '@runner-actions/core';
import { openSeries } from '@runner-actions/report-job-metrics/series';
import { watchedPaths } from '@runner-actions/report-job-metrics/measuring';
import { dirname, join } from 'node:path';
import type { HookMetrics } from './measure.ts';
import { seriesDirectoryOf } from './series-directory.ts';

/** Milliseconds. It takes a few hundredths of a second, unless a file system does not answer. */
const limit = 2_000;
/** Milliseconds between two samples, as in the action. */
const defaultInterval = 2_000;

/**
 * Starts to measure a job: takes the first sample, and starts the sampler. That one ends with the runner's worker,
 * whatever happens to the job.
 * @throws Error if the files cannot be written, or the sampler cannot be started
 */
export async function startMeasuring(step: Step, { interval = defaultInterval }: HookMetrics): Promise<void> {
  const { environment } = step.job;
  // The sampler's folder is beside the bundle, which the script of the hook names.
  const script = join(dirname(process.argv[1] ?? ''), 'sampler', 'index.js');
  const directory = seriesDirectoryOf(step);
  await withinDeadline(
    openSeries({ directory, interval, paths: watchedPaths(step), script, environment }),
    step.deadline.limit(limit),
    `the first sample was not there within ${limit / 1000} s, in ${directory}`,
  );
  step.log.info(`This job is measured every ${interval / 1000} s.`);
}
