import { closeSync, constants, openSync, truncateSync, writeFileSync } from 'node:fs';
import { EOL } from 'node:os';

export interface Records {
  set(name: string, value: string): void;
  /** Says by the log what no file took. To be called last: for each record GitHub shows a warning, and of these only ten a step. */
  close(): void;
}

/**
 * Hands outputs, or state, to the runner: by its file, and where that cannot be written, by the log, where the runner still obeys
 * the older commands. A full disk must not change an answer. Source: actions/runner 2.336.0, ActionCommandManager.cs.
 * The toolkit could write the file as well, but loads `node:crypto` for it, a fifth of Node's own start.
 * @param say the toolkit's function, which takes the log where the variable names no file
 * @param onFault called once, with what was thrown and the file
 */
export function openRecords(
  variable: 'GITHUB_OUTPUT' | 'GITHUB_STATE',
  say: (name: string, value: string) => void,
  onFault: (thrown: unknown, file: string) => void,
): Records {
  const records = new Map<string, string>();
  let isLost = false;
  return {
    set(name, value) {
      records.set(name, value);
      if (isLost) return;
      const file = process.env[variable] ?? '';
      if (file === '') return say(name, value);
      try {
        append(file, name, value);
      } catch (error) {
        isLost = true;
        empty(file);
        onFault(error, file);
      }
    },
    close() {
      if (!isLost) return;
      // Without it the toolkit takes the log.
      delete process.env[variable];
      for (const record of records) say(...record);
    },
  };
}

/** Source: GitHub's page "Workflow commands", on multiline strings. @throws Error when the file is not there or takes it only in part */
function append(file: string, name: string, value: string): void {
  const end = delimiterFor(value);
  const open = openSync(file, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeFileSync(open, [`${name}<<${end}`, value, end, ''].join(EOL));
  } finally {
    closeSync(open);
  }
}

/** Neither guessed nor in the value, which may be a stranger's. */
function delimiterFor(value: string): string {
  for (;;) {
    const delimiter = `end-${Math.random().toString(36).slice(2)}`;
    if (!value.includes(delimiter)) return delimiter;
  }
}

/** Half a record fails the step, and what stands in the file wins over what the log said. */
function empty(file: string): void {
  try {
    truncateSync(file);
  } catch {
    // It is not there, or on a disk that nothing can be written to.
  }
}
