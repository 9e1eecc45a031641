import { quote, type Step, UserError } from '@runner-actions/core';
import { execute, findEntries, type Outcome } from './clean-io.ts';
import { keepByGlobs, keepProtected } from './keep.ts';
import { makePlan, type Plan, totals } from './plan.ts';
import { planLines, renderSummary } from './report.ts';
import type { ResolvedInputs } from './effective-inputs.ts';
import { closePlace, openPlace, type Place, protectedPaths } from './workspace.ts';

/** The state that the main phase saves for the post phase. */
export interface Saved extends ResolvedInputs {
  /** The name of the report, or its path if the main phase has already set the output. */
  report: string;
}

/** Creates the plan and prints it, executes it unless it is a dry run, and writes the report. */
export async function clean(
  step: Step,
  saved: Saved,
): Promise<{ outcome: Outcome | undefined; skipped: number }> {
  const place = openPlace(step.job);
  const { plan, outcome } = cleanPlace(step, place, saved);
  step.summary.add(renderSummary(plan, outcome));
  const { inputs, report } = saved;
  await step.report(report, { version: 1, dryRun: inputs.dryRun, plan, outcome: outcome ?? null });
  warnOfResidue(step, outcome, inputs.strict);
  return { outcome, skipped: totals(plan).kept };
}

function cleanPlace(
  step: Step,
  place: Place,
  { inputs, protect }: Saved,
): { plan: Plan; outcome: Outcome | undefined } {
  const { path } = place.workspace;
  const deadline = step.deadline.limit(inputs.budget);
  const unmatched = new Set(inputs.keep);
  const kept = keepByGlobs(inputs.keep, unmatched);
  const paths = protectedPaths(protect, path);
  // Measuring sizes may use a quarter of the budget. The rest is for the removal.
  const found = inputs.workspace ? findEntries(place.workspace, deadline.limit(inputs.budget / 4)) : [];
  const plan = makePlan(path, found, kept, paths);
  step.log.group(`Plan for ${path}: ${plan.steps.length} entries`, planLines(plan));
  const keep = keepProtected(paths, kept);
  const outcome = inputs.dryRun ? undefined : execute(plan, place, { keep, protect }, deadline);
  closePlace(place);
  // A dry run, or a run whose budget was used up, has not seen deeper folders. Then report only globs for the top.
  const reported = [...unmatched].filter((glob) => outcome?.finished === true || !/\/./.test(glob));
  if (inputs.workspace && reported.length > 0)
    step.log.info(`These globs of 'keep' matched nothing: ${reported.map(quote).join(', ')}.`);
  return { plan, outcome };
}

/**
 * Warns about entries that were not removed. With `strict`, entries of this job fail the step; those of earlier jobs
 * never do.
 */
function warnOfResidue(step: Step, outcome: Outcome | undefined, strict: boolean): void {
  const { residue = [], leftovers = [] } = outcome ?? {};
  const [first, ...more] = [...residue, ...leftovers];
  if (first === undefined) return;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  const message = `Not everything could be removed: ${first.path} (${first.reason})${others}.`;
  if (strict && residue.length > 0) throw new UserError(message, { strict: true });
  step.annotate('warning', message);
}
