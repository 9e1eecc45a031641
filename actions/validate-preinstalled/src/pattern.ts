import { runInNewContext } from 'node:vm';

/** Milliseconds of the clock after which a try ends. */
const limit = 500;
/** Milliseconds of work. A pattern that needs more was not meant so: nested repetitions take for ever on a value that almost fits. */
const most = 250;

/**
 * Whether `text` fits the regular expression; `undefined` when that takes too long. A manifest may come from a stranger, and its
 * patterns must not hang the job. What counts is the work: on a busy machine, or one that sleeps, half a second is soon over.
 */
export function fits(pattern: RegExp, text: string): boolean | undefined {
  const before = process.threadCpuUsage();
  for (;;) {
    try {
      return runInNewContext('pattern.test(text)', { pattern, text }, { timeout: limit }) as boolean;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const { user, system } = process.threadCpuUsage(before);
      if ((user + system) / 1000 >= most) return undefined;
    }
  }
}
