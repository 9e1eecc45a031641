import { type Deadline, type Step, UserError } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';
import type { Item, ItemName, ItemOutcome, ItemStep, StepSize } from './item.ts';
import type { ResolvedInputs } from './effective-inputs.ts';
import { alwaysItems, groundOf, type Reclaim, reclaimItems, trashOf } from './items.ts';
import { planLines, renderSummary } from './report.ts';
import { closePlace, openPlace } from './workspace.ts';

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

/** The result of a clean-up. */
export interface Result {
  items: Cleaned[];
  /** Descriptions of the disks that were low, so that more was freed. */
  low: readonly string[];
}

/** What a clean-up needs of who starts it: a step, a hook or a command. */
export type Caller = Pick<Step, 'deadline' | 'log' | 'annotate'>;

/** What it needs in a job. */
export type JobCaller = Caller & Pick<Step, 'job' | 'report'> & { summary: Pick<Step['summary'], 'add'> };

/**
 * Cleans a job's folders item by item, then writes the report and the summary.
 * @throws the first error of an item, at the end
 */
export async function clean(step: JobCaller, saved: Saved): Promise<Result> {
  const { inputs, report } = saved;
  const place = openPlace(step.job);
  const ground = groundOf(step.job, saved, place);
  const work: Work = {
    always: () => alwaysItems(step.job, saved, place),
    reclaim: (deadline) => reclaimItems(ground, saved, deadline),
    last: () => [trashOf(ground, saved)],
  };
  const { items, low, told, faults } = await cleanItems(step, work, inputs);
  closePlace(place);
  step.summary.add(renderSummary(items, told, inputs.dryRun));
  const workspace = place.workspace.path;
  await step.report(report, { version: 1, dryRun: inputs.dryRun, workspace, low, items });
  for (const { outcome } of items)
    for (const warning of outcome?.warnings ?? []) step.annotate('warning', warning);
  if (faults.length > 0) throw faults[0];
  warnOfResidue(step, items, inputs.strict);
  return { items, low };
}

/** The items of a clean-up. */
export interface Work {
  always(): Item[];
  /** Called after the other items have freed space. */
  reclaim(deadline: Deadline): Promise<Reclaim>;
  last(): Item[];
}

/**
 * Cleans item by item: makes the plan, prints it, and executes exactly that unless it is a dry run. An item that fails
 * does not stop the others.
 * @param limits `budget`: milliseconds for all items
 */
export async function cleanItems(
  caller: Caller,
  work: Work,
  limits: { budget: number; dryRun: boolean },
): Promise<Result & { told: string[]; faults: unknown[] }> {
  const deadline = caller.deadline.limit(limits.budget);
  const kind = limits.dryRun ? 'dry run' : 'run';
  const cleaned: Cleaned[] = [];
  const faults: unknown[] = [];
  const cleanAll = async (items: readonly Item[]): Promise<void> => {
    for (const item of items) {
      const planned: Cleaned = { item: item.name, steps: [], notes: [] };
      cleaned.push(planned);
      await cleanItem(caller, item, planned, kind, deadline).catch((thrown: unknown) => faults.push(thrown));
    }
  };
  await cleanAll(work.always());
  const reclaim = await work.reclaim(deadline).catch((thrown: unknown): Reclaim => {
    faults.push(thrown);
    return { items: [], low: [], notes: [] };
  });
  const told = [...reclaim.low.map((disk) => `${disk}, so more may be freed.`), ...reclaim.notes];
  for (const note of told) caller.log.info(note);
  await cleanAll(reclaim.items);
  await cleanAll(work.last());
  withdrawResidue(cleaned);
  return { items: cleaned, low: reclaim.low, told, faults };
}

/** @param cleaned the function fills it step by step, so that it tells what was done before a failure */
async function cleanItem(
  { log }: Caller,
  item: Item,
  cleaned: Cleaned,
  kind: 'run' | 'dry run',
  deadline: Deadline,
): Promise<void> {
  cleaned.steps = await item.plan(deadline);
  const sizes = kind === 'dry run' ? await item.measure?.(cleaned.steps, deadline) : undefined;
  if (sizes !== undefined) cleaned.sizes = sizes;
  const lines = planLines(cleaned);
  if (lines.length > 0)
    log.group(`Plan for ${item.name}: ${lines.length === 1 ? '1 entry' : `${lines.length} entries`}`, lines);
  if (kind === 'run') cleaned.outcome = await item.execute(cleaned.steps, deadline);
  cleaned.notes = item.notes?.(cleaned.outcome) ?? [];
  for (const note of cleaned.notes) log.info(note);
}

/** Removes from the residue what a later item has removed. */
function withdrawResidue(cleaned: readonly Cleaned[]): void {
  const outcomes = cleaned.flatMap(({ outcome }) => outcome ?? []);
  const gone = outcomes.flatMap((outcome) => outcome.gone ?? []);
  for (const outcome of outcomes)
    outcome.residue = outcome.residue.filter(({ path }) => !gone.some((folder) => isInside(path, folder)));
}

/** Warns about what was not removed. With `strict`, it fails the step. */
function warnOfResidue(step: Caller, cleaned: readonly Cleaned[], strict: boolean): void {
  const [first, ...more] = cleaned.flatMap(({ outcome }) => outcome?.residue ?? []);
  if (first === undefined) return;
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  const message = `Not everything could be removed: ${first.path} (${first.reason})${others}.`;
  if (strict) throw new UserError(message, { strict: true });
  step.annotate('warning', message);
}
