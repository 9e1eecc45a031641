import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountsBelow } from '@runner-actions/host';
import { findProcessesByTrackingId, killProcesses } from '@runner-actions/testing';

const prefix = 'runner-actions-try-';

/** The folder for everything that a run writes, and the id of the run. */
export interface Temporary {
  folder: string;
  /** Value of `RUNNER_TRACKING_ID` in each process of the run. */
  tracking: string;
}

export function createTemporary(): Temporary {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), prefix));
  const tracking = randomUUID();
  writeFileSync(join(folder, 'run'), `${process.pid} ${tracking}`);
  for (const name of ['home', 'tmp', 'artifacts', 'cache', 'cache-server', 'bin'])
    mkdirSync(join(folder, name));
  return { folder, tracking };
}

/**
 * Removes the folder of a run. It does not remove what a job mounted there, since that belongs to others.
 * @returns why the folder is still there; `undefined` if it is gone
 */
export function removeFolder(folder: string): string | undefined {
  try {
    if (mountsBelow(folder).length > 0) return 'a job mounted something in it';
    // Jobs may leave folders that nobody can write to, such as the module cache of Go.
    spawnSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Ends the processes of runs that were killed, and removes their folders. @returns the folders */
export function removeLeftovers(parent = realpathSync(tmpdir())): string[] {
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(parent, name))
    .filter((folder) => {
      const tracking = isOwn(folder) ? trackingOfDead(folder) : undefined;
      if (tracking === undefined) return false;
      killProcesses(findProcessesByTrackingId(tracking));
      return removeFolder(folder) === undefined;
    });
}

function isOwn(folder: string): boolean {
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  return entry?.isDirectory() === true && entry.uid === process.getuid?.();
}

/** Returns the id of a run whose process has ended. A folder that does not say which process made it is left alone. */
function trackingOfDead(folder: string): string | undefined {
  const file = join(folder, 'run');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [, pid, tracking] = /^(\d+) ([0-9a-f-]{36})$/.exec(text) ?? [];
  try {
    if (pid !== undefined) process.kill(Number(pid), 0);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? tracking : undefined;
  }
}
