import { reasonOf, type Step, UserError } from '@runner-actions/core';
import { type Figures, summarise } from './figures.ts';
import type { MetricsInputs } from './inputs.ts';
import { findings, makeReport, renderSummary } from './report.ts';
import { closeSeries } from './series-io.ts';
import { seriesDirectory, seriesFiles } from './series-files.ts';

/** Where this job's series is. */
export function directoryOf({ job }: Step): string {
  return seriesDirectory(job.temp, {
    repository: job.repository.fullName,
    runId: job.runId,
    runAttempt: job.runAttempt,
    job: job.name,
    trackingId: job.trackingId,
  });
}

/** The paths whose disks are watched: the job's own, and the container engine's, which fill up unseen. */
export function watchedPaths({ job }: Step): string[] {
  const paths = [job.workspace, job.temp, job.toolCache, '/var/lib/docker', '/'];
  return paths.filter((path) => path !== undefined);
}

/** Closes the series and reports it. `undefined`: it was not open, which is a warning, or an error when strict. */
export async function closeAndReport(
  step: Step,
  settings: Pick<MetricsInputs, 'charts' | 'strict'>,
  directory: string,
): Promise<Figures | undefined> {
  const closed = await closeSeries(directory, watchedPaths(step));
  if (closed === 'closed') {
    step.log.info('An earlier step has closed and reported the series of this job.');
    return undefined;
  }
  if (closed === 'none' || closed === 'broken') {
    notMeasured(step, settings.strict, closed === 'none' ? missing : 'The file of the series is broken.');
    return undefined;
  }
  const figures = summarise(closed.series);
  const reported = { series: closed.series, figures, end: closed.end };
  step.summary.add(renderSummary(reported, settings.charts));
  for (const sentence of findings(reported)) step.log.info(sentence);
  await step.report(seriesFiles(directory).report, makeReport(reported), 0);
  return figures;
}

const missing =
  "No series of this job is open, so that there is nothing to report. A step with this action and 'when: post' opens one; RUNNER_TEMP must stay as it is in between.";

/** The job goes on without figures, unless the user said that it must not. */
export function notMeasured(step: Step, strict: boolean, reason: string): void {
  if (strict) throw new UserError(`${reason} 'strict' makes this an error.`, { strict });
  step.annotate('warning', `${reason} The job goes on without metrics.`);
}

/** Our own failure: nothing is reported, and only a strict step fails. */
export function failWhenStrict(strict: boolean, fault: unknown): void {
  if (strict) throw new UserError(`The job could not be measured: ${reasonOf(fault)}.`, { strict });
}
