import { quote, type Step, UserError } from '@runner-actions/core';
import { execute, findEntries, type Outcome } from './clean-io.ts';
import { keepByGlobs, keepProtected } from './keep.ts';
import { makePlan, type Plan, totals } from './plan.ts';
import { planLines, renderSummary } from './report.ts';
import type { Settled } from './effective-inputs.ts';
import { closePlace, openPlace, type Place, protectedPaths } from './workspace.ts';

/** What main leaves for post. */
export interface Saved extends Settled {
  /** The report's name, or its path where main has told it. */
  report: string;
}

/** Plans, prints the plan, executes it unless it is a dry run, and reports. */
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
  // Looking up sizes may take a quarter of the budget; removing is what the rest is for.
  const found = inputs.workspace ? findEntries(place.workspace, deadline.limit(inputs.budget / 4)) : [];
  const plan = makePlan(path, found, kept, paths);
  step.log.group(`Plan for ${path}: ${plan.steps.length} entries`, planLines(plan));
  const keep = keepProtected(paths, kept);
  const outcome = inputs.dryRun ? undefined : execute(plan, place, { keep, protect }, deadline);
  closePlace(place);
  // What lies deeper a dry run has not seen, nor one whose budget was used up.
  const told = [...unmatched].filter((glob) => outcome?.finished === true || !/\/./.test(glob));
  if (inputs.workspace && told.length > 0)
    step.log.info(`'keep' matched nothing here with ${told.map(quote).join(', ')}.`);
  return { plan, outcome };
}

/** What an earlier job left makes no other one red. */
function warnOfResidue(step: Step, outcome: Outcome | undefined, strict: boolean): void {
  const { residue = [], leftovers = [] } = outcome ?? {};
  const [first, ...more] = [...residue, ...leftovers];
  if (first === undefined) return;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  const message = `Not everything could be removed: ${first.path} (${first.reason})${others}.`;
  if (strict && residue.length > 0) throw new UserError(message, { strict: true });
  step.annotate('warning', message);
}
