import { formatBytes } from '@runner-actions/core';
import { planLines } from '@runner-actions/cleanup-workspace/report';
import type { RunnerResult } from './clean-runner.ts';

/** Formats the results for people: one line for each runner, then what was planned and what they should know. */
export function linesOf(results: readonly RunnerResult[], dryRun: boolean): string[] {
  if (results.length === 0) return ['No runner was found. Name one with --runner FOLDER.'];
  return results.flatMap((result) => [
    headOf(result, dryRun),
    ...detailsOf(result).map((line) => `  ${line}`),
  ]);
}

function headOf({ runner, state, why, items }: RunnerResult, dryRun: boolean): string {
  if (state !== 'cleaned') return `${runner}: ${words[state]}${why === undefined ? '' : `: ${why}`}`;
  if (dryRun) {
    const steps = items.flatMap((item) => item.steps).filter(({ action }) => action === 'remove');
    return `${runner}: would remove ${steps.length} ${steps.length === 1 ? 'entry' : 'entries'} (dry run)`;
  }
  const outcomes = items.flatMap(({ outcome }) => outcome ?? []);
  const sum = (field: 'freedBytes' | 'removed') =>
    outcomes.reduce((total, outcome) => total + outcome[field], 0);
  const rest = outcomes.every(({ finished }) => finished) ? '' : '; the next run removes the rest';
  return `${runner}: ${formatBytes(sum('freedBytes'))} freed, ${sum('removed')} removed${rest}`;
}

const words: Record<Exclude<RunnerResult['state'], 'cleaned'>, string> = {
  busy: 'left alone',
  running: 'already running',
  unknown: 'left alone, since it could not be found out whether it has a job',
  refused: 'refused',
  failed: 'failed',
};

function detailsOf({ items, notes }: RunnerResult): string[] {
  const outcomes = items.flatMap(({ outcome }) => outcome ?? []);
  return [
    ...items.flatMap((item) => planLines(item).map((line) => `${item.item}: ${line}`)),
    ...notes,
    ...items.flatMap((item) => item.notes),
    ...outcomes.flatMap(({ warnings = [] }) => warnings),
    ...outcomes.flatMap(({ residue }) =>
      residue.map(({ path, reason }) => `not removed: ${path} (${reason})`),
    ),
  ];
}
