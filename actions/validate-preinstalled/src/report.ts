import { codeSpan, details, escapeControls, escapeMarkdown, redact, table } from '@runner-actions/core';
import type { MachineReport, Report, ResultReport } from './report-schema.ts';
import type { Result, Status, Tally } from './results.ts';

/** Describes a result in one line: what was found, what is wanted, what else is to be known, and what to do. */
export function sentence({ requirement, found, wanted, notice, advice }: Result): string {
  const first = `${requirement.kind} ${requirement.name}: found ${found}; wanted ${wanted}.`;
  return escapeControls([first, notice, advice].filter((part) => part !== undefined).join(' '));
}

const rank: Record<Status, number> = { fail: 0, error: 1, warn: 2, skip: 3, pass: 4 };

/** Returns the results with the worst first. GitHub shows only the first annotations of a step. */
export function worstFirst(results: readonly Result[]): Result[] {
  return results.toSorted((one, other) => rank[one.status] - rank[other.status]);
}

/** Characters. A longer table of passed requirements is left out, so that GitHub does not drop the whole summary. */
const longest = 400_000;
/** Most requirements in the table of those that are not met: GitHub drops a summary above 1 MiB. */
const mostRows = 2_000;
/** A longer list of passed and skipped requirements is folded. */
const shownPasses = 10;

/**
 * Renders the summary.
 * @param known how many requirements were not checked again, because nothing changed since an earlier check
 */
export function renderSummary(
  name: string,
  results: readonly Result[],
  { counts }: Tally,
  known: number,
  machine: MachineReport,
): string {
  const sorted = worstFirst(results);
  const isFine = ({ status }: Result): boolean => status === 'pass' || status === 'skip';
  const [bad, fine] = [sorted.filter((one) => !isFine(one)), sorted.filter(isFine)];
  const figures = Object.entries(counts).filter(([, count]) => count > 0);
  const head = figures.map(([status, count]) => `${count} ${status}`).join(', ') || 'nothing required';
  const before = known === 0 ? '' : `, ${known} of them as checked before`;
  const title = `### Runner requirements: ${escapeMarkdown(escapeControls(name))}\n\n${head}${before}\n\n${describeMachine(machine)}\n\n`;
  const left = bad.length - mostRows;
  const more = left > 0 ? `${left} more requirements that are not met are in the report only.\n\n` : '';
  const worst = bad.length === 0 ? '' : `${tableOf(bad.slice(0, mostRows))}\n${more}`;
  const rest = fine.length === 0 ? '' : tableOf(fine);
  if (title.length + worst.length + rest.length > longest)
    return `${title}${worst}${fine.length} requirements that are met or do not apply are in the report only.\n`;
  return title + worst + (fine.length > shownPasses ? details(`${fine.length} met or skipped`, rest) : rest);
}

function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ requirement, status, found, wanted, notice }) => [
    status,
    `${requirement.kind} ${codeSpan(escapeControls(requirement.name))}`,
    escapeMarkdown(escapeControls(notice === undefined ? found : `${found}. ${notice}`)),
    escapeMarkdown(escapeControls(wanted)),
  ]);
  return `${table(['Status', 'Requirement', 'Found', 'Wanted'], rows)}\n`;
}

function describeMachine({ os, arch, environment, container }: MachineReport): string {
  const where = container ? ' These are facts of the job’s container, not of the machine.' : '';
  return `Checked on ${escapeMarkdown(environment ?? 'a machine')}, ${escapeMarkdown(os)} ${arch}.${where}`;
}

/** Returns the report of a result, without fields that may hold a secret. */
export function toReport(result: Result, asBefore = false): ResultReport {
  const { requirement, status, found, wanted, advice, notice } = result;
  const { kind, name, severity, file, line, column } = requirement;
  return {
    ...{ kind, name, status, severity, found, wanted, file, line, column },
    ...(advice === undefined ? {} : { advice }),
    ...(notice === undefined ? {} : { notice }),
    ...(asBefore ? { asBefore } : {}),
  };
}

/** Characters that XML 1.0 cannot contain. Source: XML 1.0, section 2.2. */

const notForXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

function xml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\n': '&#10;',
  };
  return redact(text)
    .replaceAll(notForXml, '�')
    .replaceAll(/[&<>"\n]/g, (character) => entities[character] ?? character);
}

/**
 * Renders the report as JUnit's XML, which many tools show. It has no word for a warning, so a requirement with the
 * status `warn` passes there, and its text says `warning`.
 */
export function renderJUnit({ name, counts, results }: Report): string {
  const cases = results.map((result) => {
    const text = xml(`found ${result.found}; wanted ${result.wanted}. ${result.advice ?? ''}`.trim());
    const inner: Record<Status, string> = {
      pass: '',
      warn: `<system-out>warning: ${text}</system-out>`,
      fail: `<failure message="${text}"/>`,
      error: `<error message="${text}"/>`,
      skip: `<skipped message="${xml(result.found)}"/>`,
    };
    const place = `file="${xml(result.file)}" line="${result.line}"`;
    return `    <testcase classname="${xml(result.kind)}" name="${xml(result.name)}" ${place}>${inner[result.status]}</testcase>`;
  });
  const figures = `tests="${results.length}" failures="${counts.fail}" errors="${counts.error}" skipped="${counts.skip}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${figures}>`,
    `  <testsuite name="${xml(name)}" ${figures}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n');
}
