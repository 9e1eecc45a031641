import { closeSync, constants, openSync, truncateSync, writeFileSync } from 'node:fs';
import { EOL } from 'node:os';

export interface RunnerFile {
  set(name: string, value: string): void;
  /**
   * Passes the values through the log if the file could not be written. Call it last: GitHub shows a warning for each
   * value, and only ten warnings per step.
   */
  close(): void;
}

/**
 * Passes outputs, or state, to the runner through its file. If the file cannot be written, it uses the older commands
 * in the log, which the runner still executes: a full disk must not change a result. Source: actions/runner 2.336.0,
 * ActionCommandManager.cs. The toolkit can also write the file, but loads `node:crypto` for it, which takes a fifth
 * of Node's own start-up time.
 * @param logCommand the toolkit's function, which writes to the log if the variable names no file
 * @param onError called once, with the thrown error and the file
 */
export function openRunnerFile(
  variable: 'GITHUB_OUTPUT' | 'GITHUB_STATE',
  logCommand: (name: string, value: string) => void,
  onError: (thrown: unknown, file: string) => void,
): RunnerFile {
  const values = new Map<string, string>();
  let hasFailed = false;
  return {
    set(name, value) {
      values.set(name, value);
      if (hasFailed) return;
      const file = process.env[variable] ?? '';
      if (file === '') return logCommand(name, value);
      try {
        append(file, name, value);
      } catch (error) {
        hasFailed = true;
        empty(file);
        onError(error, file);
      }
    },
    close() {
      if (!hasFailed) return;
      // Without the variable the toolkit writes to the log.
      delete process.env[variable];
      for (const [name, value] of values) logCommand(name, value);
    },
  };
}

/**
 * Appends a value to the file. Source: GitHub's page "Workflow commands", on multiline strings.
 * @throws Error if the file does not exist, or only a part was written
 */
function append(file: string, name: string, value: string): void {
  const end = delimiterFor(value);
  const open = openSync(file, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeFileSync(open, [`${name}<<${end}`, value, end, ''].join(EOL));
  } finally {
    closeSync(open);
  }
}

/**
 * Returns a random delimiter that the value does not contain: the value may be untrusted and try to end its own
 * record.
 */
function delimiterFor(value: string): string {
  for (;;) {
    const delimiter = `end-${Math.random().toString(36).slice(2)}`;
    if (!value.includes(delimiter)) return delimiter;
  }
}

/** Empties the file. An incomplete record would fail the step, and values in the file override those in the log. */
function empty(file: string): void {
  try {
    truncateSync(file);
  } catch {
    // The file does not exist, or its disk cannot be written.
  }
}
