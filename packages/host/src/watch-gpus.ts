import { followProgram } from './follow-program.ts';
import { gpuFields, type GpuUse, parseGpu } from './gpus.ts';

export interface GpuReading {
  gpus: GpuUse[];
  /** Milliseconds since the driver was asked. */
  age: number;
}

export interface GpuWatch {
  /**
   * The newest whole set of GPUs. `undefined` without one, or if it is older than three intervals. Never
   * waits.
   */
  latest(): GpuReading | undefined;
  /** Why there is no reading, as a sentence. */
  note(): string | undefined;
  close(): void;
}

export interface GpuWatchOptions {
  /** Path or name of `nvidia-smi`. */
  program: string;
  /** Milliseconds between readings. */
  interval: number;
  environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds of a monotonic clock. */
  now?: () => number;
}

/** More rows than any machine has GPUs. */
const maxGpus = 256;

/**
 * Watches NVIDIA's GPUs with one process for as long as it runs: each start of `nvidia-smi` takes a second of
 * CPU time and more without persistence mode. See `followProgram` for how it ends. A GPU that hangs blocks
 * only that process. It was not run with a real `nvidia-smi`: that it writes a row at once, also to a pipe,
 * is what others report.
 */
export function watchGpus({ program, interval, environment, now = monotonic }: GpuWatchOptions): GpuWatch {
  const sets = wholeSets(now);
  const query = [`--query-gpu=${gpuFields.join(',')}`, '--format=csv,noheader,nounits'];
  const followed = followProgram([program, ...query, '-lms', String(Math.max(100, Math.round(interval)))], {
    onLine: (line) => {
      const row = parseGpu(line);
      if (row !== undefined) sets.add(row);
      return row !== undefined;
    },
    ...(environment === undefined ? {} : { environment }),
  });
  const isFresh = (at: number): boolean => now() - at <= 3 * interval;
  return {
    latest: () => {
      const newest = sets.newest();
      if (newest === undefined || followed.ending() !== undefined || !isFresh(newest.at)) return undefined;
      return { gpus: newest.gpus, age: now() - newest.at };
    },
    note: () => {
      const ending = followed.ending();
      if (ending !== undefined) return `GPUs are not measured: ${ending}.`;
      const newest = sets.newest();
      if (newest === undefined || isFresh(newest.at)) return undefined;
      return `GPUs are not measured: ${program} does not answer.`;
    },
    close: followed.close,
  };
}

const monotonic = (): number => performance.now();

interface GpuSet {
  gpus: GpuUse[];
  at: number;
}

/**
 * Puts rows together to sets. Rows come in the order of their index. A set is whole when the next one begins,
 * or when it ends as the one before did. So one in which a GPU got lost or came back counts from the next row
 * on.
 */
export function wholeSets(now: () => number): { add(row: GpuUse): void; newest(): GpuSet | undefined } {
  let newest: GpuSet | undefined;
  let rows: GpuUse[] = [];
  let at = 0;
  const publish = (): void => {
    newest = { gpus: [...rows], at };
  };
  return {
    add: (row) => {
      if (row.index <= (rows.at(-1)?.index ?? -1)) {
        publish();
        rows = [];
      }
      if (rows.length < maxGpus) rows.push(row);
      at = now();
      const before = newest?.gpus;
      if (rows.length === before?.length && row.index === before.at(-1)?.index) publish();
    },
    newest: () => newest,
  };
}
