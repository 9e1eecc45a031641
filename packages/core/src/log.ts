import { redact } from './secrets.ts';

export interface Log {
  info(text: string): void;
  /** Shown only with the input `verbose`, or when the workflow is re-run with debug logging. */
  debug(text: string): void;
  /** Prints lines in a group that is folded under a title. */
  group(title: string, lines: readonly string[]): void;
}

/** Opens the log. It escapes workflow commands in logged text, because that text may be untrusted. */
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

/** The line ends that the runner recognizes. */
const lineEnd = /\r\n|\n|\r/;
/**
 * The first group is the white space that .NET's `TrimStart` removes, and U+FEFF, which .NET removes at the start of
 * a stream.
 */
const colonsAtStart = /^([\s\u0085]*:)(?=:)/;

/**
 * Escapes workflow commands: `::name::` after white space at the start of a line, and `##[name]` anywhere. Inserts a
 * zero-width space into their first characters. Source: actions/runner 2.336.0, ActionCommand.cs.
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
