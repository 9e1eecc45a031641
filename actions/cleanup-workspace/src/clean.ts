import { type Step, UserError } from '@runner-actions/core';
import { execute, findEntries, type Outcome } from './clean-io.ts';
import type { CleanInputs } from './inputs.ts';
import { keepByGlobs, keepProtected } from './keep.ts';
import { makePlan, totals } from './plan.ts';
import { planLines, renderSummary } from './report.ts';
import { findWorkspace, protectedPaths } from './workspace.ts';

/** What main leaves for post. */
export interface Saved {
  inputs: CleanInputs;
  /** Absolute paths that stay whatever else is said. */
  protect: readonly string[];
  /** The report's name, or its path where main has told it. */
  report: string;
}

/** Plans, prints the plan, executes it unless it is a dry run, and reports. */
export async function clean(
  step: Step,
  { inputs, protect, report }: Saved,
): Promise<{ outcome: Outcome | undefined; skipped: number }> {
  const place = findWorkspace(step.job);
  const deadline = step.deadline.limit(inputs.budget);
  const keep = keepProtected(protectedPaths(protect, place.workspace), keepByGlobs(inputs.keep));
  // Looking up sizes may take a quarter of the budget; removing is what the rest is for.
  const found = inputs.workspace ? findEntries(place.workspace, deadline.limit(inputs.budget / 4)) : [];
  const plan = makePlan(place.workspace, found, keep);
  step.log.group(`Plan for ${place.workspace}: ${plan.steps.length} entries`, planLines(plan));
  const outcome = inputs.dryRun ? undefined : execute(plan, place, keep, deadline);
  step.summary.add(renderSummary(plan, outcome));
  await step.report(report, { version: 1, dryRun: inputs.dryRun, plan, outcome: outcome ?? null });
  warnOfResidue(step, outcome, inputs.strict);
  return { outcome, skipped: totals(plan).kept };
}

function warnOfResidue(step: Step, outcome: Outcome | undefined, strict: boolean): void {
  const [first, ...more] = outcome?.residue ?? [];
  if (first === undefined) return;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  const message = `Not everything could be removed: ${first.path} (${first.reason})${others}.`;
  if (strict) throw new UserError(message, { strict: true });
  step.annotate('warning', message);
}
