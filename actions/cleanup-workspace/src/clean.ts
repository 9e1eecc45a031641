import { type Deadline, type Step, UserError } from '@runner-actions/core';
import type { Item, ItemName, ItemOutcome, ItemStep, StepSize } from './item.ts';
import type { ResolvedInputs } from './effective-inputs.ts';
import { planLines, renderSummary } from './report.ts';
import { closePlace, openPlace } from './workspace.ts';
import { workspaceItem } from './workspace-io.ts';

/** The state that the main phase saves for the post phase. */
export interface Saved extends ResolvedInputs {
  /** The name of the report, or its path if the main phase has already set the output. */
  report: string;
}

/** What was planned and done for one item. */
export interface Cleaned {
  item: ItemName;
  steps: readonly ItemStep[];
  /** For a dry run: the sizes of what a run would remove, as far as they are known. */
  sizes?: readonly StepSize[];
  /** Missing for a dry run, and if the item failed. */
  outcome?: ItemOutcome;
  /** What people should know. */
  notes: readonly string[];
}

/**
 * Cleans item by item: makes the plan, prints it, and executes exactly that unless it is a dry run. Then writes the
 * report and the summary. An item that fails does not stop the others.
 * @throws the first error of an item, at the end
 */
export async function clean(step: Step, saved: Saved): Promise<Cleaned[]> {
  const { inputs, protect, report } = saved;
  const place = openPlace(step.job);
  const deadline = step.deadline.limit(inputs.budget);
  const items: readonly Item[] = [workspaceItem(place, { keep: inputs.keep, protect }, inputs.workspace)];
  const cleaned: Cleaned[] = [];
  const faults: unknown[] = [];
  for (const item of items) {
    const planned: Cleaned = { item: item.name, steps: [], notes: [] };
    cleaned.push(planned);
    await cleanItem(step, item, planned, inputs.dryRun ? 'dry run' : 'run', deadline).catch(
      (thrown: unknown) => faults.push(thrown),
    );
  }
  closePlace(place);
  step.summary.add(renderSummary(cleaned, inputs.dryRun));
  const workspace = place.workspace.path;
  await step.report(report, { version: 1, dryRun: inputs.dryRun, workspace, items: cleaned });
  for (const { outcome } of cleaned)
    for (const warning of outcome?.warnings ?? []) step.annotate('warning', warning);
  if (faults.length > 0) throw faults[0];
  warnOfResidue(step, cleaned, inputs.strict);
  return cleaned;
}

/** @param cleaned the function fills it step by step, so that it tells what was done before a failure */
async function cleanItem(
  step: Step,
  item: Item,
  cleaned: Cleaned,
  kind: 'run' | 'dry run',
  deadline: Deadline,
): Promise<void> {
  cleaned.steps = await item.plan(deadline);
  const sizes = kind === 'dry run' ? await item.measure?.(cleaned.steps, deadline) : undefined;
  if (sizes !== undefined) cleaned.sizes = sizes;
  step.log.group(`Plan for ${item.name}: ${cleaned.steps.length} entries`, planLines(cleaned));
  if (kind === 'run') cleaned.outcome = await item.execute(cleaned.steps, deadline);
  cleaned.notes = item.notes?.(cleaned.outcome) ?? [];
  for (const note of cleaned.notes) step.log.info(note);
}

/** Warns about what was not removed. With `strict`, it fails the step. */
function warnOfResidue(step: Step, cleaned: readonly Cleaned[], strict: boolean): void {
  const [first, ...more] = cleaned.flatMap(({ outcome }) => outcome?.residue ?? []);
  if (first === undefined) return;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  const message = `Not everything could be removed: ${first.path} (${first.reason})${others}.`;
  if (strict) throw new UserError(message, { strict: true });
  step.annotate('warning', message);
}
