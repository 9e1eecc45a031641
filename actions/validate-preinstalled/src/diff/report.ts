import { codeSpan, escapeControls, escapeMarkdown, table } from '@runner-actions/core';
import { type Change, changeKinds, type FullComparison } from './compare.ts';

/** Most rows of the summary, characters of a cell, and lines of what is unknown. The report has all. */
const limits = { rows: 500, cell: 300, unknown: 20 };

/** Describes one change in a line. */
export function changeLine({ change, kind, name, before, after }: Change): string {
  const arrow = before === undefined || after === undefined ? '' : ' → ';
  const line = `${change}: ${kind} ${name}: ${before ?? ''}${arrow}${after ?? ''}`;
  return escapeControls(line.replace(/: $/, ''));
}

/** Counts changes by their kind, in words: "2 removed, 1 added". */
export function countChanges(changes: readonly Change[]): string {
  const counted = changeKinds.map(
    (kind) => [kind, changes.filter(({ change }) => change === kind).length] as const,
  );
  const some = counted.filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  return some.length === 0 ? 'no difference' : some.join(', ');
}

/** Renders the summary. */
export function renderDiff(against: string, comparison: FullComparison): string {
  const { changes, notes, unknown } = comparison;
  const cell = (text = ''): string =>
    text === '' ? '' : codeSpan(escapeControls(text.slice(0, limits.cell)));
  const rows = changes
    .slice(0, limits.rows)
    .map(({ change, kind, name, before, after }) => [
      change,
      `${kind} ${codeSpan(escapeControls(name))}`,
      cell(before),
      cell(after),
    ]);
  const more = changes.length - rows.length;
  return [
    `### This machine compared with ${escapeMarkdown(against)}`,
    `${outcomeLine(comparison)}${notes.length === 0 ? '' : `, ${notes.length} ${notes.length === 1 ? 'note' : 'notes'} in the log`}`,
    ...unknown.slice(0, limits.unknown).map((one) => `- ${escapeMarkdown(escapeControls(one))}`),
    ...(rows.length === 0 ? [] : [table(['Change', 'What', 'Before', 'This machine'], rows)]),
    ...(more > 0 ? [`${more} more are in the report only.`] : []),
    '',
  ].join('\n\n');
}

/** Returns the result for programs. */
export function toDiffReport({ changes, same, notes, unknown }: FullComparison): object {
  return {
    version: 1,
    same,
    changes: changes.map(({ item: _, ...change }) => change),
    notes,
    unknown,
  };
}

/** Describes the outcome in one line: "1 removed, 20 the same, 2 not compared". */
export function outcomeLine({ changes, same, unknown }: Omit<FullComparison, 'notes'>): string {
  const rest = unknown.length === 0 ? '' : `, ${unknown.length} not compared`;
  return `${countChanges(changes)}, ${same} the same${rest}`;
}
