import { codeBlock, codeSpan, details, escapeMarkdown, redact, table } from '@runner-actions/core';
import type { Installation, Done } from './install/carry-out-io.ts';
import type { InstallationReport } from './report-schema.ts';

/** Acts that the summary shows, and characters of a command or a problem there. The report has all of them. */
const shown = { acts: 50, characters: 300 };

/** Returns the report of an installation: each command as it ran, and what came of it. */
export function toInstallationReport({ done, problem }: Installation): InstallationReport {
  return { acts: done.map(actOf), ...(problem === undefined ? {} : { problem: redact(problem) }) };
}

function actOf({
  act,
  argv,
  exitCode,
  milliseconds,
  download,
  problem,
}: Done): InstallationReport['acts'][number] {
  return {
    ...{ by: act.by, command: argv.map(redact), meets: [...act.meets], exitCode },
    seconds: Math.round(milliseconds) / 1000,
    ...(download === undefined ? {} : download),
    ...(problem === undefined ? {} : { problem: redact(problem) }),
  };
}

/**
 * Renders an installation for the summary.
 * @param refusal why nothing was begun. Its commands are whole, a line each, so that the owner can copy them
 */
export function renderInstallation(
  { acts, problem }: InstallationReport,
  refusal?: Installation['refusal'],
): string {
  if (refusal !== undefined)
    return `\n${escapeMarkdown(redact(refusal.text))}\n\n${codeBlock(refusal.commands.map(redact))}`;
  const rows = acts
    .slice(0, shown.acts)
    .map((act) => [
      codeSpan(cut(act.command.join(' '))),
      escapeMarkdown(cut(act.problem ?? 'done')),
      act.exitCode === null ? '' : String(act.exitCode),
      act.seconds.toFixed(1),
      act.bytes === undefined ? '' : `${act.bytes} bytes, ${codeSpan(act.sha256 ?? '')}`,
    ]);
  const head = ['Command', 'Result', 'Exit code', 'Seconds', 'Downloaded, SHA-256'];
  const more =
    acts.length > rows.length ? `\n${acts.length - rows.length} more are in the report only.\n` : '';
  const why = problem === undefined ? '' : `\n${escapeMarkdown(cut(problem))}\n`;
  const body = rows.length === 0 ? '' : `\n${table(head, rows)}`;
  return details(`Installation: ${acts.length} commands`, `${body}${more}${why}`);
}

function cut(text: string): string {
  return text.length > shown.characters ? `${text.slice(0, shown.characters)}…` : text;
}
