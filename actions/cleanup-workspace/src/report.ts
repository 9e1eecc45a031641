import { codeSpan, escapeMarkdown, formatBytes, table } from '@runner-actions/core';
import type { Outcome } from './clean-io.ts';
import { type Plan, totals } from './plan.ts';

const shown = 30;

/** The plan, a line an entry, for the log. */
export function planLines({ steps }: Plan): string[] {
  return steps.map(
    ({ name, action, why, bytes }) =>
      `${action.padEnd(8)} ${JSON.stringify(name)} ${formatBytes(bytes)} (${why})`,
  );
}

/** The summary: one sentence, and what needs a person. */
export function renderSummary(plan: Plan, outcome: Outcome | undefined): string {
  const { entries, files, bytes, kept } = totals(plan);
  const keeps = kept === 0 ? '' : `, ${kept} kept`;
  if (outcome === undefined) {
    return `### Clean-up: would remove ${files} files in ${entries} entries, ${formatBytes(bytes)}${keeps} (dry run)\n`;
  }
  const rest = outcome.finished ? '' : '; the budget was used up, and the rest is left for the next run';
  const head = `### Clean-up: ${formatBytes(outcome.freedBytes)} freed, ${outcome.removed} files and directories removed${keeps}${rest}\n`;
  const left = [...outcome.residue, ...outcome.leftovers];
  if (left.length === 0) return head;
  const rows = left.slice(0, shown).map(({ path, reason }) => [codeSpan(path), escapeMarkdown(reason)]);
  const more = left.length > shown ? `\n${left.length - shown} more are in the report.\n` : '';
  return `${head}\n${table(['Not removed', 'Why'], rows)}${more}`;
}
