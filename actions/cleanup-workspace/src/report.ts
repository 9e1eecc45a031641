import { codeSpan, escapeMarkdown, formatBytes, table } from '@runner-actions/core';
import { type Plan, type SizedStep, totals } from './plan.ts';
import type { Outcome } from './removal.ts';

/** Number of rows in the summary's table. */
const maxRows = 30;

/** Formats the plan for the log, one line per entry. @param sizes of those entries that were measured */
export function planLines({ steps }: Plan, sizes: readonly SizedStep[] = []): string[] {
  const bytesOf = new Map(sizes.map(({ name, bytes }) => [name, bytes]));
  return steps.map(({ name, action, why }) => {
    const bytes = bytesOf.get(name);
    const size = bytes === undefined ? '' : ` ${formatBytes(bytes)}`;
    return `${action.padEnd(8)} ${JSON.stringify(name)}${size} (${why})`;
  });
}

/**
 * Formats the summary: one sentence, and a table of entries that a user must remove.
 * @param outcome `undefined` for a dry run
 */
export function renderSummary(
  plan: Plan,
  outcome: Outcome | undefined,
  sizes: readonly SizedStep[] = [],
): string {
  const { entries, kept } = totals(plan);
  const keeps = kept === 0 ? '' : `, ${kept} kept`;
  if (outcome === undefined) {
    const sum = (field: 'files' | 'bytes') => sizes.reduce((total, size) => total + size[field], 0);
    const least = sizes.length < entries ? 'at least ' : '';
    return `### Clean-up: would remove ${least}${sum('files')} files in ${entries} entries, ${formatBytes(sum('bytes'))}${keeps} (dry run)\n`;
  }
  const rest = outcome.finished ? '' : '; the time budget was used up, and the next run removes the rest';
  const head = `### Clean-up: ${formatBytes(outcome.freedBytes)} freed, ${outcome.removed} files and directories removed${keeps}${rest}\n`;
  const { residue, leftovers } = outcome;
  const old = leftovers === 0 ? '' : `\n${leftoversText(leftovers)}\n`;
  if (residue.length === 0) return head + old;
  const rows = residue.slice(0, maxRows).map(({ path, reason }) => [codeSpan(path), escapeMarkdown(reason)]);
  const more = residue.length > maxRows ? `\n${residue.length - maxRows} more are in the report.\n` : '';
  return `${head}${old}\n${table(['Not removed', 'Why'], rows)}${more}`;
}

/** Formats the number of entries of earlier jobs. Their paths may be those of other repositories. */
export function leftoversText(leftovers: number): string {
  const entries = leftovers === 1 ? '1 entry' : `${leftovers} entries`;
  return `The trash contains ${entries} of earlier jobs that this user cannot remove. Remove the folder '.trash' in the runner's work folder as root.`;
}
