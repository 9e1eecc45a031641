import { escapeMarkdown, link, table } from '@runner-actions/core';
import type { JudgedRun } from './judge-runs-io.ts';
import type { Outcome } from './rescue-io.ts';
import type { Unlisted } from './unfinished-runs-io.ts';

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

/** Says for each status how many runs were not considered. */
export function unlistedLines(unlisted: readonly Unlisted[]): string[] {
  return unlisted.map(({ status, count, why }) => {
    const state = status === 'queued' ? 'queued' : 'in progress';
    return `At least ${count} more run${count === 1 ? '' : 's'} ${state} ${count === 1 ? 'was' : 'were'} not considered: ${why}`;
  });
}

export function renderSummary(
  reported: readonly ReportedRun[],
  dryRun: boolean,
  unlisted: readonly Unlisted[] = [],
): string {
  const rows = reported.map(({ run, reason, why, outcome }) => [
    link(`${run.name} ${run.id}`, run.url),
    reason,
    escapeMarkdown(why),
    outcome === undefined ? '–' : `${outcome.result}: ${escapeMarkdown(outcome.why)}`,
  ]);
  const body = rows.length === 0 ? '' : `\n${table(['Run', 'Reason', 'Why', 'Result'], rows)}`;
  const rest = unlistedLines(unlisted).map((line) => `\n${escapeMarkdown(line)}.\n`);
  return `### Queued jobs: ${headline(reported, dryRun)}\n${body}${rest.join('')}`;
}

export function makeReport(
  reported: readonly ReportedRun[],
  dryRun: boolean,
  unlisted: readonly Unlisted[],
): object {
  const runs = reported.map(({ run, reason, why, outcome }) => ({
    ...{ id: run.id, name: run.name, url: run.url, event: run.event, attempt: run.attempt },
    ...{ reason, why, result: outcome?.result ?? null, done: outcome?.why ?? null },
  }));
  return { version: 1, 'dry-run': dryRun, runs, 'not-considered': unlisted };
}
