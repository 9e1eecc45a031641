import { quote, type Step, UserError } from '@runner-actions/core';
import { execute, findEntries, measure } from './clean-io.ts';
import { keepByGlobs } from './keep.ts';
import { makePlan, type Plan, type SizedStep, totals } from './plan.ts';
import type { Outcome } from './removal.ts';
import { leftoversText, planLines, renderSummary } from './report.ts';
import type { ResolvedInputs } from './effective-inputs.ts';
import { closePlace, isMount, openPlace, type Place, protectedPaths } from './workspace.ts';

/** The state that the main phase saves for the post phase. */
export interface Saved extends ResolvedInputs {
  /** The name of the report, or its path if the main phase has already set the output. */
  report: string;
}

interface Result {
  plan: Plan;
  /** `undefined` for a dry run. */
  outcome: Outcome | undefined;
  /** For a dry run: the sizes of the entries that a run would remove. */
  sizes: SizedStep[] | undefined;
}

/** Creates the plan and prints it, executes it unless it is a dry run, and writes the report. */
export async function clean(
  step: Step,
  saved: Saved,
): Promise<{ outcome: Outcome | undefined; skipped: number }> {
  const place = openPlace(step.job);
  const result = await cleanPlace(step, place, saved);
  closePlace(place);
  const { plan, outcome, sizes } = result;
  step.summary.add(renderSummary(plan, outcome, sizes));
  const { inputs, report } = saved;
  await step.report(report, {
    ...{ version: 1, dryRun: inputs.dryRun, plan, sizes: sizes ?? null, outcome: outcome ?? null },
  });
  warnOfResidue(step, outcome, inputs.strict);
  return { outcome, skipped: totals(plan).kept };
}

async function cleanPlace(step: Step, place: Place, { inputs, protect }: Saved): Promise<Result> {
  const { path } = place.workspace;
  const deadline = step.deadline.limit(inputs.budget);
  const unmatched = new Set(inputs.keep);
  const found = inputs.workspace ? findEntries(place.workspace) : [];
  const plan = makePlan(
    { workspace: path, isMount: isMount(place), found },
    keepByGlobs(inputs.keep, unmatched),
    protectedPaths(protect, path),
  );
  const rules = { keep: inputs.keep, protect, unmatched: [...unmatched] };
  const sizes = inputs.dryRun ? await measure(plan, place, deadline) : undefined;
  step.log.group(`Plan for ${path}: ${plan.steps.length} entries`, planLines(plan, sizes));
  const removed = inputs.dryRun ? undefined : await execute(plan, place, rules, deadline);
  // A dry run, or a run whose budget was used up, has not seen deeper folders. Then report only globs for the top.
  const isComplete = removed?.outcome.finished === true;
  const reported = (removed?.unmatched ?? rules.unmatched).filter((glob) => isComplete || !/\/./.test(glob));
  if (inputs.workspace && reported.length > 0)
    step.log.info(`These globs of 'keep' matched nothing: ${reported.map(quote).join(', ')}.`);
  return { plan, outcome: removed?.outcome, sizes };
}

/**
 * Warns about entries that were not removed. With `strict`, entries of this job fail the step; those of earlier jobs
 * never do.
 */
function warnOfResidue(step: Step, outcome: Outcome | undefined, strict: boolean): void {
  const { residue = [], leftovers = 0, unusableTrash } = outcome ?? {};
  const [first, ...more] = residue;
  if (leftovers > 0) step.log.info(leftoversText(leftovers));
  if (unusableTrash !== undefined)
    step.annotate(
      'warning',
      `The trash is neither used nor emptied: ${unusableTrash.path} (${unusableTrash.reason}). Check what it is, and remove it.`,
    );
  if (first === undefined) return;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  const message = `Not everything could be removed: ${first.path} (${first.reason})${others}.`;
  if (strict) throw new UserError(message, { strict: true });
  step.annotate('warning', message);
}
