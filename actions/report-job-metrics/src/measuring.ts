import { reasonOf, type Step, UserError } from '@runner-actions/core';
import { seriesDirectory } from './series-files.ts';

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

/** The job goes on without figures, unless the user said that it must not. */
export function notMeasured(step: Step, strict: boolean, reason: string): void {
  if (strict) throw new UserError(`${reason} 'strict' makes this an error.`, { strict });
  step.annotate('warning', `${reason} The job goes on without metrics.`);
}

/** Our own failure: nothing is reported, and only a strict step fails. */
export function failWhenStrict(strict: boolean, fault: unknown): void {
  if (strict) throw new UserError(`The job could not be measured: ${reasonOf(fault)}.`, { strict });
}
