import { truncateSync } from 'node:fs';

export interface Records {
  set(name: string, value: string): void;
  /** Says by the log what no file took. To be called last: for each record GitHub shows a warning, and of these only ten a step. */
  close(): void;
}

/**
 * Hands outputs, or state, to the runner: by its file, and where that cannot be written, by the log, where the runner still obeys
 * the older commands. A full disk must not change an answer. Source: actions/runner 2.336.0, ActionCommandManager.cs.
 * @param send the toolkit's function, which throws when the file cannot be written
 * @param onFault called once, with what was thrown and the file
 */
export function openRecords(
  variable: 'GITHUB_OUTPUT' | 'GITHUB_STATE',
  send: (name: string, value: string) => void,
  onFault: (thrown: unknown, file: string) => void,
): Records {
  const records = new Map<string, string>();
  let isLost = false;
  return {
    set(name, value) {
      records.set(name, value);
      if (isLost) return;
      const file = process.env[variable] ?? '';
      try {
        send(name, value);
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
      for (const record of records) send(...record);
    },
  };
}

/** Half a record fails the step, and what stands in the file wins over what the log said. */
function empty(file: string): void {
  try {
    truncateSync(file);
  } catch {
    // It is not there, or on a disk that nothing can be written to.
  }
}
