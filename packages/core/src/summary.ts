import { appendFileSync, statSync } from 'node:fs';
import { redact } from './secrets.ts';
import { describeWriteError } from './write-error.ts';

/**
 * Bytes. GitHub drops a step's whole summary above 1 MiB. The difference leaves room for text that others add to the
 * step's summary.
 */
export const summaryLimit = 900 * 1024;

const tooLong =
  '\n\n_The summary is cut off here, because GitHub does not show a longer one. The report is complete._\n';

export interface Summary {
  /** Adds Markdown. Text above the limit is cut off at the end of a line, and the summary says so. */
  add(markdown: string): void;
}

/**
 * Opens the step's summary. It never becomes larger than `limit` bytes, including the text that the file already holds.
 * Without a file (outside of a runner, or on an old GitHub Enterprise Server) the text goes to `fallback`.
 */
export function openSummary(
  file: string | undefined,
  fallback: (text: string) => void,
  limit = summaryLimit,
): Summary {
  let used = sizeOf(file);
  let full = false;
  return {
    add(markdown) {
      if (full) return;
      const text = redact(markdown.endsWith('\n') ? markdown : `${markdown}\n`);
      const room = limit - used - Buffer.byteLength(tooLong);
      full = Buffer.byteLength(text) > room;
      const part = full ? cutAtLine(text, room) + tooLong : text;
      used += Buffer.byteLength(part);
      if (file === undefined) return fallback(part);
      try {
        appendFileSync(file, part);
      } catch (error) {
        fallback(`The summary could not be written: ${describeWriteError(error, file)}. Its text:\n${part}`);
      }
    },
  };
}

function sizeOf(file: string | undefined): number {
  try {
    return file === undefined ? 0 : statSync(file).size;
  } catch {
    return 0;
  }
}

function cutAtLine(text: string, bytes: number): string {
  const part = Buffer.from(text).subarray(0, Math.max(0, bytes));
  return part.subarray(0, part.lastIndexOf(0x0a) + 1).toString('utf8');
}
