import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type Kernel, readKernel } from './kernel-files.ts';
import type { MaybeUnknown } from './maybe-unknown.ts';
import { readProcess } from './processes.ts';
import { workerAbove } from './runner-processes.ts';

/** Clock ticks per second in `/proc/PID/stat`. Linux shows this number to programs on all common processors. */
const ticksPerSecond = 100;
/** Milliseconds before the start of the job. Entries of this time count as the job's: file systems round times. */
const margin = 60_000;
/** The same where the runner's worker is not visible: a clock that was set back must not make the job's files old. */
const wideMargin = 24 * 3_600_000;

/**
 * Returns a time before which this job has written nothing, in milliseconds since 1970. An entry whose ctime is older
 * was left by an earlier job: no program can set a ctime, not even one that copies a file with its modification time.
 *
 * The time is the earliest of three: the start of the runner's worker by the clock that is never set, and the
 * creation of the event file and of its entry by the clock of the file system. The runner creates that file before
 * the first step, after it has emptied the folder. Source: actions/runner, TempDirectoryManager.cs, ActionRunner.cs.
 * @param temp `_work/_temp`
 */
export function jobStart(temp: string, now: number, kernel: Kernel = {}): MaybeUnknown<number> {
  const event = eventTime(join(temp, '_github_workflow'));
  if (event === undefined)
    return { unknown: 'the start of the job is not known: its file _github_workflow/event.json is missing' };
  const worker = workerStart(now, kernel);
  return worker === undefined ? event - wideMargin : Math.min(event, worker) - margin;
}

function eventTime(folder: string): number | undefined {
  try {
    const parent = lstatSync(folder);
    const file = lstatSync(join(folder, 'event.json'));
    if (!parent.isDirectory() || !file.isFile()) return undefined;
    // The runner writes the file again for each step, so only its creation counts. Some file systems do not know it.
    const created = file.birthtimeMs > 0 ? file.birthtimeMs : Infinity;
    return Math.min(created, parent.mtimeMs);
  } catch {
    return undefined;
  }
}

/**
 * Returns when the runner's worker, which starts each step of this job, has started: in milliseconds since 1970, by the
 * clock that is never set.
 * @returns `undefined` outside of a job, or if processes cannot be read
 */
export function workerStart(now: number, kernel: Kernel = {}): number | undefined {
  const pid = workerAbove(kernel);
  const ticks = pid === undefined ? undefined : readProcess(pid, kernel)?.startTime;
  const uptime = Number.parseFloat(readKernel(kernel, '/proc/uptime') ?? '');
  if (ticks === undefined || Number.isNaN(uptime)) return undefined;
  const age = uptime - ticks / ticksPerSecond;
  return age < 0 ? undefined : now - age * 1000;
}
