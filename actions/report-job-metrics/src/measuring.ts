import { reasonOf, type Step, UserError } from '@runner-actions/core';
import { seriesDirectory } from './sampling/series-files.ts';

/** Returns the directory of this job's series. */
export function directoryOf({ job }: Step): string {
  return seriesDirectory(job.temp, {
    repository: job.repository.fullName,
    runId: job.runId,
    runAttempt: job.runAttempt,
    job: job.name,
    trackingId: job.trackingId,
  });
}

/**
 * Returns the paths whose disks are measured: those of the job and of the container engine, which fills up unnoticed.
 */
export function watchedPaths({ job }: Step): string[] {
  const paths = [job.workspace, job.temp, job.toolCache, '/var/lib/docker', '/'];
  return paths.filter((path) => path !== undefined);
}

/** Warns that there are no metrics. @throws UserError with `strict` */
export function notMeasured(step: Step, strict: boolean, reason: string): void {
  if (strict) throw new UserError(`${reason} 'strict' makes this an error.`, { strict });
  step.annotate('warning', `${reason} The job continues without metrics.`);
}

/** Handles an internal error: nothing is reported. @throws UserError with `strict` */
export function failWhenStrict(strict: boolean, fault: unknown): void {
  if (strict) throw new UserError(`The job could not be measured: ${reasonOf(fault)}.`, { strict });
}
