import { escapeMarkdown, reasonOf, type Step, UserError, monotonicNow } from '@runner-actions/core';
import type { RestoreResult, HeldResources } from './restore/restore-result.ts';
import { type CachePlan, planCache } from './plan/cache-plan.ts';
import { cacheHit, restoreLine } from './report/report.ts';
import { type ResolvedInputs, resolveInputs } from './plan/resolve-inputs.ts';
import { withValidRoot } from './plan/store-root.ts';

/** The state that the main phase saves for the post phase. */
export interface PostState {
  plan: CachePlan;
  found: RestoreResult;
  held: HeldResources;
}

export async function phase(step: Step): Promise<void> {
  await restorePhase(step, (inputs) => inputs);
}

/**
 * Restores the cache and sets the outputs, the summary and the report.
 * @param change changes the inputs; `restore-local-cache/restore` uses it to turn saving off
 */
export async function restorePhase(
  step: Step,
  change: (inputs: ResolvedInputs) => ResolvedInputs,
): Promise<void> {
  const { inputs, root, rootFrom } = await resolveInputs(step);
  const plan = withValidRoot(step, planCache(change(inputs), step.job, root), rootFrom);
  if (plan.whyNoDisk !== '') step.log.info(`No local store is used: ${plan.whyNoDisk}.`);
  const started = monotonicNow();
  const { restoreWithLocks } = await import('./restore/restore-with-locks.ts');
  const { found, held } = await restoreWithLocks(step, plan);
  const milliseconds = Math.round(monotonicNow() - started);
  step.state.save({ plan, found, held } satisfies PostState);
  setOutputs(step, plan, found, milliseconds);
  step.log.info(restoreLine(found, inputs.key, milliseconds, inputs.lookupOnly));
  const summaryLine = restoreLine(found, inputs.key, milliseconds, inputs.lookupOnly, escapeMarkdown);
  step.summary.add(`### ${summaryLine}\n`);
  await step.report(plan.report, { version: 1, ...plan, found, milliseconds });
  if (found.matchedKey === undefined && inputs.failOnMiss) {
    throw new UserError(`Nothing was found for the key '${inputs.key}', and 'fail-on-cache-miss' is set.`);
  }
}

/**
 * Reports a miss after an internal error, so that the job builds its files itself.
 * @throws UserError with `fail-on-cache-miss`
 */
export function safeAnswer(step: Step, fault: unknown): void {
  step.outputs.set('cache-hit', '');
  step.outputs.set('cache-matched-key', '');
  step.outputs.set('cache-source', 'none');
  if (step.inputs.boolean('fail-on-cache-miss') === true)
    throw new UserError(`Nothing was restored (${reasonOf(fault)}), and 'fail-on-cache-miss' is set.`);
}

function setOutputs(step: Step, { inputs }: CachePlan, found: RestoreResult, milliseconds: number): void {
  step.outputs.set('cache-hit', cacheHit(found, inputs.key));
  step.outputs.set('cache-primary-key', inputs.key);
  step.outputs.set('cache-matched-key', found.matchedKey ?? '');
  step.outputs.set('cache-source', found.source);
  step.outputs.set('mode', found.mode ?? '');
  step.outputs.set('restore-milliseconds', milliseconds);
  step.outputs.set('size-bytes', found.bytes);
  step.outputs.set('files', found.files);
}
