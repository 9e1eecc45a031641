import { runInNewContext } from 'node:vm';
import type { Deadline } from '@runner-actions/core';

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
 * @param deadline of the whole check: many patterns together take no longer
 */
export function matchesWithinLimit(pattern: RegExp, text: string, deadline: Deadline): boolean | undefined {
  return anyMatchesWithinLimit(pattern, [text], deadline);
}

/** Whether one of `texts` matches, in the same time for all of them together. */
export function anyMatchesWithinLimit(
  pattern: RegExp,
  texts: readonly string[],
  deadline: Deadline,
): boolean | undefined {
  const code = 'texts.some((text) => pattern.test(text))';
  return withinLimit(code, { pattern, texts }, deadline) as boolean | undefined;
}

/** Returns the first match with its groups, `null` if there is none, and `undefined` if that takes too long. */
export function execWithinLimit(
  pattern: RegExp,
  text: string,
  deadline: Deadline,
): readonly string[] | null | undefined {
  return withinLimit('pattern.exec(text)', { pattern, text }, deadline) as string[] | null | undefined;
}

function withinLimit(code: string, values: object, deadline: Deadline): unknown {
  const before = cpuUsage();
  for (;;) {
    const timeout = Math.min(tryTimeout, Math.floor(deadline.remaining()));
    if (timeout < 1) return undefined;
    try {
      return runInNewContext(code, values, { timeout });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const { user, system } = cpuUsage(before);
      if ((user + system) / 1000 >= cpuLimit) return undefined;
    }
  }
}
