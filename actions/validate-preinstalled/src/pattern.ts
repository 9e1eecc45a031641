import { runInNewContext } from 'node:vm';

/** A pattern that needs longer was not meant so: nested repetitions take for ever on a value that almost fits. */
const limit = 500;

/**
 * Whether `text` fits the regular expression; `undefined` when that takes over half a second. A manifest may come from a
 * stranger, and its patterns must not hang the job.
 */
export function fits(pattern: string, text: string): boolean | undefined {
  try {
    return runInNewContext(
      'new RegExp(pattern).test(text)',
      { pattern, text },
      { timeout: limit },
    ) as boolean;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
