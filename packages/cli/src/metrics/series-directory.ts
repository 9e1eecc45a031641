import type { Step } from '@runner-actions/core';
import { directoryOf } from '@runner-actions/report-job-metrics/measuring';

/**
 * Returns the directory of the hooks' series of this job. A step with `report-job-metrics` has a series of its own, with
 * the workflow's settings, so that neither closes what the other one needs.
 */
export function seriesDirectoryOf(step: Step): string {
  return `${directoryOf(step)}-hook`;
}
