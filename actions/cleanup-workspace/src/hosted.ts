import type { Step } from '@runner-actions/core';

/** Returns whether there is nothing to do because GitHub deletes this machine after the job, and says so. */
export function isHosted({ job, log }: Pick<Step, 'job' | 'log'>): boolean {
  if (job.runner.environment !== 'github-hosted') return false;
  log.info('This is a GitHub-hosted runner, which is deleted after the job: there is nothing to clean.');
  return true;
}
