import { closeSync, openSync, readSync } from 'node:fs';
import { type Kernel, kernelPath, readKernelStart } from '../kernel-files.ts';

/** What a process used since it started, and where it belongs. */
export interface ProcessCounters {
  pid: number;
  parent: number;
  /** The pid of the process that began the session. */
  session: number;
  /** Clock ticks from boot to the start. */
  startTime: number;
  /** At most 15 bytes. The process can choose it. */
  name: string;
  zombie: boolean;
  /** CPU time of its threads, also of those that ended. */
  cpuSeconds: number;
  /** CPU time of the children that ended and that it waited for, with what they had of their own children. */
  reapedSeconds: number;
  /** Anonymous memory, as `top` shows RES without SHR. */
  memoryBytes: number;
}

/** Clock ticks per second in `/proc/PID/stat`. Linux shows this number to programs on all common processors. */
const ticks = 100;

/** Longer than the lines of `/proc/PID/stat` and `statm` can be. A sampler reads hundreds of them, so it keeps one buffer. */
const buffer = Buffer.allocUnsafe(4096);

/** Reads the first bytes of a small kernel file. @returns `undefined` if the process ended, or hides */
function readSmall(kernel: Kernel, path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(kernelPath(kernel, path), 'r');
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Reads the counters of a process. Source: proc_pid_stat(5), proc_pid_statm(5).
 * @param pageSize bytes, as `pageSizeOf` returns them
 * @returns `undefined` if the process ended, or is not visible
 */
export function readCounters(
  pid: number,
  pageSize: number,
  kernel: Kernel = {},
): ProcessCounters | undefined {
  const counters = parseCounters(readSmall(kernel, `/proc/${pid}/stat`) ?? '');
  if (counters === undefined) return undefined;
  const [, resident = 0, shared = 0] = (readSmall(kernel, `/proc/${pid}/statm`) ?? '')
    .split(' ', 3)
    .map(Number);
  return { pid, ...counters, memoryBytes: Math.max(0, resident - shared) * pageSize || 0 };
}

/** Parses `/proc/PID/stat`. The name may contain blanks and parentheses. */
export function parseCounters(text: string): Omit<ProcessCounters, 'pid' | 'memoryBytes'> | undefined {
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  if (open === -1 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ', 20);
  const field = (number: number): number => Number(fields[number - 3]);
  const startTime = field(22);
  if (!Number.isInteger(startTime)) return undefined;
  return {
    parent: field(4),
    session: field(6),
    startTime,
    name: Buffer.from(text.slice(open + 1, close), 'latin1').toString('utf8'),
    zombie: fields[0] === 'Z',
    cpuSeconds: (field(14) + field(15)) / ticks,
    reapedSeconds: (field(16) + field(17)) / ticks,
  };
}

/** The entry of the auxiliary vector that holds the size of a page. Source: getauxval(3). */
const auxiliaryPageSize = 6;

/** Returns the bytes of a page of memory: 4 KiB on most machines, 16 or 64 KiB on some with ARM processors. */
export function pageSizeOf(kernel: Kernel = {}): number {
  // Entries are pairs of machine words, and none is cut by UTF-8 as long as it is read byte by byte.
  const vector = Buffer.from(readSmall(kernel, '/proc/self/auxv') ?? '', 'latin1');
  for (let at = 0; at + 16 <= vector.length; at += 16)
    if (vector.readBigUInt64LE(at) === BigInt(auxiliaryPageSize))
      return Number(vector.readBigUInt64LE(at + 8));
  return 4096;
}

/** Programs that run a script, whose name says more than their own. */
const interpreters = /^(?:node|MainThread|python[\d.]*|ruby|perl|bash|sh|dash)$/;
const maxName = 40;

/** Returns the name under which the use of a process is told: its own, with that of the script that it runs. */
export function shownName({ pid, name }: Pick<ProcessCounters, 'pid' | 'name'>, kernel: Kernel = {}): string {
  if (!interpreters.test(name)) return name;
  const [program = '', script = ''] = (readKernelStart(kernel, `/proc/${pid}/cmdline`, 1024) ?? '').split(
    '\0',
    2,
  );
  const own = lastPart(program) || name;
  // An option may be followed by anything, also by a secret.
  return script === '' || script.startsWith('-') ? own : `${own} ${lastPart(script)}`.slice(0, maxName);
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1).slice(0, maxName);
