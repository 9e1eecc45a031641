import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type Kernel, kernelPath, unsupported } from './kernel-files.ts';
import type { MaybeUnknown } from './maybe-unknown.ts';
import { findKills, type KernelRecord, type OomKill, parseKernelRecord } from './oom-kills.ts';

/**
 * The kernel gives one record a read, of at most this size. Source: `PRINTK_MESSAGE_MAX` in `kernel/printk`.
 */
const recordBytes = 8 * 1024;
/** The log of a usual machine has 128 KiB to 1 MiB. */
const logBytes = 4 * 2 ** 20;
/** A kill has some hundred records, most of them one line for each process. */
const logRecords = 40_000;
const maxKills = 1_000;
/**
 * Device number of `/dev/kmsg`, 1:11. Containers have `/dev/null` or a console in its place. Source:
 * devices.txt
 */
const kmsgDevice = (1 << 8) | 11;

const { O_RDONLY, O_NONBLOCK = 0 } = constants;

export interface OomKills {
  /** The oldest first; the newest 1,000. */
  kills: OomKill[];
  /**
   * Whether the log may have had more: it was too long to be read whole, or it had been overwritten while
   * being read.
   */
  isComplete: boolean;
}

/**
 * Reads from the kernel log which processes were killed because memory ran out. It takes some milliseconds:
 * call it when `oomKills` has risen. It never waits for new records.
 * @param since seconds of the log's clock; only kills after it are returned
 * @returns unknown if the log may not be read (as a user without privileges, if `kernel.dmesg_restrict` is
 *   1), or is not there, as in most containers
 */
export function readKills(since: number, kernel: Kernel = {}): MaybeUnknown<OomKills> {
  const reason = unsupported(kernel, 'The kernel log');
  if (reason !== undefined) return { unknown: reason };
  let file: number | undefined;
  try {
    file = openSync(kernelPath(kernel, '/dev/kmsg'), O_RDONLY | O_NONBLOCK);
    if (kernel.root === undefined && fstatSync(file).rdev !== kmsgDevice)
      return { unknown: 'The kernel log cannot be read: /dev/kmsg of this container is something else.' };
    const { records, isComplete } = readRecords(file);
    const kills = findKills(records).filter(({ at }) => at > since);
    return { kills: kills.slice(-maxKills), isComplete: isComplete && kills.length <= maxKills };
  } catch (error) {
    return { unknown: whyUnreadable(error as NodeJS.ErrnoException) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Explains why the log could not be opened. */
export function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EPERM' || code === 'EACCES')
    return 'The kernel log may be read only by root: kernel.dmesg_restrict is 1, or this is a container.';
  if (code === 'ENOENT') return 'The kernel log cannot be read: there is no /dev/kmsg here.';
  return `The kernel log cannot be read: ${message}`;
}

/** Reads the log until its end. Keeps only the records that could tell of a kill. */
function readRecords(file: number): { records: KernelRecord[]; isComplete: boolean } {
  const buffer = Buffer.allocUnsafe(recordBytes);
  const records: KernelRecord[] = [];
  let isComplete = true;
  let bytes = 0;
  for (let count = 0; count < logRecords && bytes < logBytes; count++) {
    const size = readRecord(file, buffer);
    if (size === 'overwritten') {
      isComplete = false;
      continue;
    }
    if (size === 0) return { records, isComplete };
    bytes += size;
    const record = buffer.toString('utf8', 0, size);
    if (!mayTell(record)) continue;
    const parsed = parseKernelRecord(record);
    if (parsed !== undefined) records.push(parsed);
  }
  return { records, isComplete: false };
}

const mayTell = (record: string): boolean =>
  record.includes('oom-kill:') ||
  record.includes('Killed process ') ||
  record.includes('Kill process ') ||
  record.includes(';Task in ') ||
  record.includes('memory.oom.group set');

/** @returns the bytes of the next record, 0 at the end; `overwritten` if the log has dropped it meanwhile */
function readRecord(file: number, buffer: Buffer): number | 'overwritten' {
  try {
    return readSync(file, buffer);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return 0;
    if (code === 'EPIPE') return 'overwritten';
    throw error;
  }
}
