import { redact } from './secrets.ts';

export interface Log {
  info(text: string): void;
  /** Shown with the input `verbose`, and when the workflow is re-run with debug logging. */
  debug(text: string): void;
  /** Lines that are folded under a title. */
  group(title: string, lines: readonly string[]): void;
}

/** The log. Nothing in it is a workflow command but what it writes itself, since what is logged may come from strangers. */
export function openLog(
  detail: { debug: boolean; verbose?: boolean },
  write: (text: string) => void = (text) => process.stdout.write(text),
): Log {
  const plain = (text: string): string => `${withoutCommands(redact(text))}\n`;
  const command = (name: string, data: string): string => `::${name}::${escapeData(redact(data))}\n`;
  return {
    info: (text) => write(plain(text)),
    debug: (text) => {
      if (detail.verbose === true) write(plain(text));
      else if (detail.debug) write(command('debug', text));
    },
    group: (title, lines) => {
      const onOneLine = title.replaceAll(/[\r\n]+/g, ' ');
      write(`${command('group', onOneLine)}${lines.map(plain).join('')}::endgroup::\n`);
    },
  };
}

/** Ends a line for the runner. */
const lineEnd = /\r\n|\n|\r/;
/** What .NET's `TrimStart` takes off, and U+FEFF, which .NET takes off at the start of a stream. */
const colonsAtStart = /^([\s\u0085]*:)(?=:)/;

/**
 * Text in which the runner finds no command: `::name::` after white space at the start of a line, or `##[name]` anywhere.
 * A zero-width space breaks what opens one. Source: actions/runner 2.336.0, ActionCommand.cs.
 */
function withoutCommands(text: string): string {
  return text
    .replaceAll('##[', '##\u200b[')
    .split(lineEnd)
    .map((line) => line.replace(colonsAtStart, '$1\u200b'))
    .join('\n');
}

/** Source: @actions/core, `escapeData` of command.ts. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
