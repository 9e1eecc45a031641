import { clean } from '@runner-actions/cleanup-workspace/clean';
import { applyPolicy } from '@runner-actions/cleanup-workspace/effective-inputs';
import { isHosted } from '@runner-actions/cleanup-workspace/hosted';
import { policyPath } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { checkFolders, hookInputs, readHookPolicy } from './hook-settings.ts';
import { measure } from './metrics/measure.ts';

/**
 * The hook for the end of a job: reports what it used if the policy says so, and then cleans as the post phase of
 * `cleanup-workspace` does.
 */
export async function phase(step: Step): Promise<void> {
  if (isHosted(step)) return;
  const answer = await readHookPolicy(step);
  await measure(step, answer?.policy ?? {}, async (metrics) => {
    const { reportJob } = await import('./metrics/report-job.ts');
    await reportJob(step, metrics);
  });
  const settings = applyPolicy(hookInputs(answer?.policy ?? { version: 1 }), answer, step.log, step.job);
  checkFolders(step.job);
  if (!settings.inputs.workspace)
    step.log.info(
      `The workspace stays as it is. To empty it, set 'cleanup.keep' in ${policyPath()}, such as 'cleanup: { keep: [] }', which keeps nothing.`,
    );
  await clean(step, { ...settings, report: 'cleanup-hook' });
}
