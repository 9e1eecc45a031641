import { spawnSync } from 'node:child_process';
import {
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

const prefix = 'runner-actions-try-';

/** Creates the folder for everything that a run writes. */
export function createFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), prefix));
  writeFileSync(join(folder, 'pid'), String(process.pid));
  for (const name of ['home', 'tmp', 'artifacts', 'cache', 'cache-server', 'bin'])
    mkdirSync(join(folder, name));
  return folder;
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

/** Removes the folders of runs that were killed. @returns their paths */
export function removeLeftovers(parent = realpathSync(tmpdir())): string[] {
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(parent, name))
    .filter((folder) => isOwn(folder) && !isRunning(folder) && removeFolder(folder) === undefined);
}

function isOwn(folder: string): boolean {
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  return entry?.isDirectory() === true && entry.uid === process.getuid?.();
}

/** Returns whether the process that made the folder still runs. A folder that does not say so is left alone. */
function isRunning(folder: string): boolean {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
