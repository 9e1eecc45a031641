import { codeSpan, escapeMarkdown, formatBytes, table } from '@runner-actions/core';
import type { Outcome } from './clean-io.ts';
import { type Plan, totals } from './plan.ts';

/** Number of rows in the summary's table. */
const maxRows = 30;

/** Formats the plan for the log, one line per entry. */
export function planLines({ steps }: Plan): string[] {
  return steps.map(
    ({ name, action, why, bytes }) =>
      `${action.padEnd(8)} ${JSON.stringify(name)} ${formatBytes(bytes)} (${why})`,
  );
}

/** Formats the summary: one sentence, and a table of entries that a user must remove. */
export function renderSummary(plan: Plan, outcome: Outcome | undefined): string {
  const { entries, files, bytes, kept } = totals(plan);
  const keeps = kept === 0 ? '' : `, ${kept} kept`;
  if (outcome === undefined) {
    return `### Clean-up: would remove ${files} files in ${entries} entries, ${formatBytes(bytes)}${keeps} (dry run)\n`;
  }
  const rest = outcome.finished ? '' : '; the time budget was used up, and the next run removes the rest';
  const head = `### Clean-up: ${formatBytes(outcome.freedBytes)} freed, ${outcome.removed} files and directories removed${keeps}${rest}\n`;
  const left = [...outcome.residue, ...outcome.leftovers];
  if (left.length === 0) return head;
  const rows = left.slice(0, maxRows).map(({ path, reason }) => [codeSpan(path), escapeMarkdown(reason)]);
  const more = left.length > maxRows ? `\n${left.length - maxRows} more are in the report.\n` : '';
  return `${head}\n${table(['Not removed', 'Why'], rows)}${more}`;
}
