import { runInNewContext } from 'node:vm';

/** Milliseconds of wall time for one try. */
const tryTimeout = 500;
/** Milliseconds of CPU time for all tries. Nested repetitions can take forever on a value that almost matches. */
const cpuLimit = 250;

/** CPU time of this thread; on a Node before 23.9, of the process. */
const cpuUsage = (earlier?: NodeJS.CpuUsage): NodeJS.CpuUsage =>
  ((process as { threadCpuUsage?: typeof process.cpuUsage }).threadCpuUsage ?? process.cpuUsage).call(
    process,
    earlier,
  );

/**
 * Whether `text` matches the regular expression; `undefined` if that takes too long. A manifest may be untrusted, and
 * its patterns must not hang the job. CPU time decides, because a busy or sleeping machine uses up wall time without
 * any work.
 */
export function matchesWithinLimit(pattern: RegExp, text: string): boolean | undefined {
  return anyMatchesWithinLimit(pattern, [text]);
}

/** Whether one of `texts` matches, in the same time for all of them together. */
export function anyMatchesWithinLimit(pattern: RegExp, texts: readonly string[]): boolean | undefined {
  return withinLimit('texts.some((text) => pattern.test(text))', { pattern, texts }) as boolean | undefined;
}

/** Returns the first match with its groups, `null` if there is none, and `undefined` if that takes too long. */
export function execWithinLimit(pattern: RegExp, text: string): readonly string[] | null | undefined {
  return withinLimit('pattern.exec(text)', { pattern, text }) as string[] | null | undefined;
}

function withinLimit(code: string, values: object): unknown {
  const before = cpuUsage();
  for (;;) {
    try {
      return runInNewContext(code, values, { timeout: tryTimeout });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const { user, system } = cpuUsage(before);
      if ((user + system) / 1000 >= cpuLimit) return undefined;
    }
  }
}
