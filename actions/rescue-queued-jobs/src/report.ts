import { escapeMarkdown, link, table } from '@runner-actions/core';
import type { JudgedRun } from './judge-runs-io.ts';
import type { Outcome } from './rescue-io.ts';

/** A judged run, with the outcome if a rescue was tried. */
export type ReportedRun = JudgedRun & { outcome?: Outcome };

export function headline(reported: readonly ReportedRun[], dryRun: boolean): string {
  const stuck = reported.filter(({ reason }) => reason === 'stuck').length;
  const rescued = reported.filter(({ outcome }) => outcome?.result === 'rescued').length;
  const what = dryRun ? `${stuck} would be rescued (dry run)` : `${rescued} rescued`;
  return `${reported.length} unfinished run${reported.length === 1 ? '' : 's'} checked, ${what}`;
}

/** Formats the plan for the log, one line per run. It is logged before anything is changed. */
export function planLines(considered: readonly JudgedRun[]): string[] {
  return considered.map(
    ({ run, reason, why }) => `${reason.padEnd(15)} run ${run.id} of ${JSON.stringify(run.name)}: ${why}`,
  );
}

export function renderSummary(reported: readonly ReportedRun[], dryRun: boolean): string {
  const rows = reported.map(({ run, reason, why, outcome }) => [
    link(`${run.name} ${run.id}`, run.url),
    reason,
    escapeMarkdown(why),
    outcome === undefined ? '–' : `${outcome.result}: ${escapeMarkdown(outcome.why)}`,
  ]);
  const body = rows.length === 0 ? '' : `\n${table(['Run', 'Reason', 'Why', 'Result'], rows)}`;
  return `### Queued jobs: ${headline(reported, dryRun)}\n${body}`;
}

export function makeReport(reported: readonly ReportedRun[], dryRun: boolean): object {
  const runs = reported.map(({ run, reason, why, outcome }) => ({
    ...{ id: run.id, name: run.name, url: run.url, event: run.event, attempt: run.attempt },
    ...{ reason, why, result: outcome?.result ?? null, done: outcome?.why ?? null },
  }));
  return { version: 1, 'dry-run': dryRun, runs };
}
