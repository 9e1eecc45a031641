import { redact } from './secrets.ts';

export interface Log {
  info(text: string): void;
  /** Shown with the input `verbose`, and when the workflow is re-run with debug logging. */
  debug(text: string): void;
  /** Lines that are folded under a title. */
  group(title: string, lines: readonly string[]): void;
}

/**
 * The log. A line that would be a workflow command (`::name::`, `##[name]`) gets a mark before it,
 * since what is logged may come from strangers.
 */
export function openLog(
  detail: { debug: boolean; verbose?: boolean },
  write: (text: string) => void = (text) => process.stdout.write(text),
): Log {
  const plain = (text: string): string => `${redact(text).replaceAll(/^(?=\s*(?:::|##\[))/gm, '\u200b')}\n`;
  return {
    info: (text) => write(plain(text)),
    debug: (text) => {
      if (detail.verbose === true) write(plain(text));
      else if (detail.debug)
        write(
          `::debug::${redact(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`,
        );
    },
    group: (title, lines) => {
      write(
        `::group::${redact(title).replaceAll(/[\r\n]+/g, ' ')}\n${lines.map(plain).join('')}::endgroup::\n`,
      );
    },
  };
}
