import { escapeMarkdown, link, table } from '@runner-actions/core';
import type { JudgedRun } from './look-io.ts';
import type { Outcome } from './rescue-io.ts';

/** A run with what was decided and, where something was done, what became of it. */
export type ReportedRun = JudgedRun & { outcome?: Outcome };

export function headline(told: readonly ReportedRun[], dryRun: boolean): string {
  const stuck = told.filter(({ reason }) => reason === 'stuck').length;
  const rescued = told.filter(({ outcome }) => outcome?.result === 'rescued').length;
  const what = dryRun ? `${stuck} would be rescued (dry run)` : `${rescued} rescued`;
  return `${told.length} unfinished run${told.length === 1 ? '' : 's'} looked at, ${what}`;
}

/** One line a run, for the log: the plan before anything is done. */
export function planLines(considered: readonly JudgedRun[]): string[] {
  return considered.map(
    ({ run, reason, why }) => `${reason.padEnd(15)} run ${run.id} of ${JSON.stringify(run.name)}: ${why}`,
  );
}

export function renderSummary(told: readonly ReportedRun[], dryRun: boolean): string {
  const rows = told.map(({ run, reason, why, outcome }) => [
    link(`${run.name} ${run.id}`, run.url),
    reason,
    escapeMarkdown(why),
    outcome === undefined ? '–' : `${outcome.result}: ${escapeMarkdown(outcome.why)}`,
  ]);
  const body = rows.length === 0 ? '' : `\n${table(['Run', 'Reason', 'Why', 'Done'], rows)}`;
  return `### Queued jobs: ${headline(told, dryRun)}\n${body}`;
}

export function makeReport(told: readonly ReportedRun[], dryRun: boolean): object {
  const runs = told.map(({ run, reason, why, outcome }) => ({
    ...{ id: run.id, name: run.name, url: run.url, event: run.event, attempt: run.attempt },
    ...{ reason, why, result: outcome?.result ?? null, done: outcome?.why ?? null },
  }));
  return { version: 1, 'dry-run': dryRun, runs };
}
