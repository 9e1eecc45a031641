import { codeSpan, escapeMarkdown, table } from '@runner-actions/core';
import { kindOf } from './kinds/kinds.ts';
import type { Result, Status, Tally } from './results.ts';

/** Describes a result in one sentence: what was found, what is wanted, and what to do. */
export function sentence({ requirement, found, wanted, advice }: Result): string {
  return `${requirement.kind} ${requirement.name}: found ${found}; wanted ${wanted}.${advice === undefined ? '' : ` ${advice}`}`;
}

const rank: Record<Status, number> = { fail: 0, error: 1, warn: 2, skip: 3, pass: 4 };

/**
 * Renders the summary.
 * @param known how many requirements were not checked again, because nothing changed since an earlier check
 */
export function renderSummary(
  name: string,
  results: readonly Result[],
  { counts }: Tally,
  known: number,
): string {
  const sorted = [...results].sort((one, other) => rank[one.status] - rank[other.status]);
  const rows = sorted.map(({ requirement, status, found, wanted, notice }) => [
    status,
    `${requirement.kind} ${codeSpan(requirement.name)}`,
    escapeMarkdown(notice === undefined ? found : `${found}. ${notice}`),
    escapeMarkdown(wanted),
  ]);
  const figures = Object.entries(counts).filter(([, count]) => count > 0);
  const head = figures.map(([status, count]) => `${count} ${status}`).join(', ') || 'nothing required';
  const before = known === 0 ? '' : `, ${known} of them as checked before`;
  return `### Runner requirements: ${escapeMarkdown(name)}\n\n${head}${before}\n\n${table(['Status', 'Requirement', 'Found', 'Wanted'], rows)}\n`;
}

/** Returns a result for the report, without fields that may hold a secret. */
export function toReport(result: Result): object {
  const { requirement } = result;
  return { ...result, requirement: kindOf(requirement).publicFields?.(requirement) ?? requirement };
}
