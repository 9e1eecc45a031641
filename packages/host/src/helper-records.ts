import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from './job-processes.ts';
import { closeFolder, type Folder, openFolder, openInside, pathInFolder } from './folder.ts';
import { isDead, ownerName, ownerOf, readOwnerName } from './owner.ts';
import type { MaybeUnknown } from './maybe-unknown.ts';

/** The folders below `_temp`. The runner empties it between jobs. */
const folders = ['runner-actions', 'helpers'] as const;

/** Codes of `openInside` for what `recordHelper` does not create: a link, a file, and a folder that this user cannot read. */
const notOurs = ['LINK', 'FILE', 'EACCES'];

/**
 * Records a helper process: one of Runner Actions that works beyond its step, such as a sampler. Other actions of the job
 * then do not take it for a process that a step left behind.
 * @param temp `_temp`
 * @throws Error as `mkdir` does. Then stop the helper
 */
export function recordHelper(temp: string, pid: number): void {
  const folder = join(temp, ...folders);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, ownerName(ownerOf(pid))), '', { flag: 'wx' });
}

/**
 * Returns the helpers that are recorded and still run. A record names a pid and its start time, so no other process,
 * such as a child of a helper, can be taken for one. A job can write records itself: what they name is left alone, no more.
 * A job can also put something else in the place of a folder. It then has no records: it must not stop a clean-up.
 */
export function runningHelpers(temp: string): MaybeUnknown<ProcessIdentity[]> {
  const opened: Folder[] = [];
  try {
    opened.push(openFolder(temp));
    for (const name of folders) opened.push(openInside(opened.at(-1) as Folder, name));
    const owners = readdirSync(pathInFolder(opened.at(-1) as Folder, '.')).map((name) => readOwnerName(name));
    return owners.flatMap((owner) =>
      owner?.startTime === undefined || isDead(owner) !== false
        ? []
        : [{ pid: owner.pid, startTime: owner.startTime }],
    );
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || (opened.length > 0 && notOurs.includes(code))) return [];
    return { unknown: `${join(temp, ...folders)} cannot be read: ${(error as Error).message}` };
  } finally {
    for (const folder of opened) closeFolder(folder);
  }
}
