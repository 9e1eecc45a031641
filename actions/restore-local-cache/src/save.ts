import { type Step, monotonicNow } from '@runner-actions/core';
import { cacheMiss } from './restore/restore-result.ts';
import { planCache } from './plan/cache-plan.ts';
import { evictionLine, saveLine } from './report/report.ts';
import { resolveInputs } from './plan/resolve-inputs.ts';
import { withValidRoot } from './plan/store-root.ts';
import { nothingSaved, reasonNotToSave } from './save/should-save.ts';

/**
 * Runs `restore-local-cache/save`: saves now, as a separate step. Files are copied, because the job still needs them.
 */
export async function phase(step: Step): Promise<void> {
  const { inputs, root, rootFrom } = await resolveInputs(step);
  const plan = withValidRoot(step, planCache({ ...inputs, save: 'always' }, step.job, root), rootFrom);
  const started = monotonicNow();
  const found = cacheMiss('');
  const why = reasonNotToSave(plan, found, '');
  const { save } = await import('./save/save-to-levels.ts');
  const saved = why === undefined ? await save({ step, plan, found, jobContinues: true }) : nothingSaved(why);
  step.log.info(saveLine(saved, inputs.key, monotonicNow() - started));
  const { enforceBounds } = await import('./save/enforce-bounds.ts');
  const evicted = await enforceBounds(step, plan);
  if (evicted.entries > 0) step.log.info(evictionLine(evicted));
}
