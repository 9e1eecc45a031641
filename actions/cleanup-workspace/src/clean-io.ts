import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import {
  closeAnchor,
  emptyDirectory,
  isInside,
  isUnknown,
  measureTree,
  openAnchor,
  readMounts,
  type Removal,
  type Residue,
  within,
} from '@runner-actions/host';
import type { Verdict } from './keep.ts';
import type { Found, Plan } from './plan.ts';
import type { Place } from './workspace.ts';

/** What became of a plan. */
export interface Outcome {
  freedBytes: number;
  removed: number;
  residue: Residue[];
  /** False: the budget was used up, and what is left is out of the way, for the next run. */
  finished: boolean;
}

/** Names are kept byte for byte: `latin1` maps each byte to a character and back. */
export const decodeName = (name: Buffer): string =>
  Buffer.from(name.toString()).equals(name) ? name.toString() : `\0${name.toString('latin1')}`;
const encodeName = (name: string): Buffer =>
  name.startsWith('\0') ? Buffer.from(name.slice(1), 'latin1') : Buffer.from(name);

/** What is in the workspace. Sizes are looked up as far as the deadline allows. */
export function findEntries(workspace: string, deadline: Deadline): Found[] {
  const mounts = readMounts();
  const points = isUnknown(mounts) ? [] : mounts.map(({ mountPoint }) => mountPoint);
  return readdirSync(Buffer.from(workspace), { withFileTypes: true, encoding: 'buffer' }).map((entry) => {
    const name = decodeName(entry.name);
    const { files, bytes } = measureTree(Buffer.concat([Buffer.from(`${workspace}/`), entry.name]), deadline);
    const holdsMount = points.some((point) => isInside(point, join(workspace, entry.name.toString())));
    return { name, isDirectory: entry.isDirectory(), files, bytes, holdsMount };
  });
}

/**
 * Does what the plan says: what goes whole is renamed out of the way first, so that the workspace is clean at once and
 * stays clean if the process is killed; then it is removed, with what earlier runs left behind.
 */
export function execute(
  plan: Plan,
  { workspace, trash }: Place,
  keep: (path: string, isDirectory: boolean) => Verdict,
  deadline: Deadline,
): Outcome {
  const moved = moveAside(plan, workspace, join(trash, randomUUID()));
  const planned = new Set(plan.steps.filter(({ action }) => action !== 'keep').map(({ name }) => name));
  const inPlace = emptyDirectory(workspace, {
    deadline,
    keep: (path, isDirectory) =>
      planned.has(path.split('/', 1)[0] ?? '') ? keep(path, isDirectory) : 'keep',
  });
  const drained = drainTrash(trash, deadline);
  const parts = [inPlace, drained];
  const sum = (count: (part: Removal) => number) => parts.reduce((total, part) => total + count(part), 0);
  return {
    freedBytes: sum(({ freedBytes }) => freedBytes),
    removed: sum(({ files, directories }) => files + directories),
    residue: [...parts.flatMap(({ residue }) => residue), ...unbrick(inPlace, workspace, moved)],
    finished: parts.every(({ finished }) => finished),
  };
}

/** Renames within two open directories, so that neither can be swapped. What cannot be moved is removed in place. */
function moveAside({ steps }: Plan, workspace: string, into: string): string {
  mkdirSync(into, { recursive: true, mode: 0o700 });
  const [from, to] = [openAnchor(workspace), openAnchor(into)];
  try {
    for (const { name, action } of steps) {
      if (action !== 'move') continue;
      try {
        renameSync(within(from, encodeName(name)), within(to, encodeName(name)));
      } catch {
        // Another file system, or another user's directory: the removal in place has its own word on it.
      }
    }
  } finally {
    closeAnchor(from);
    closeAnchor(to);
  }
  return into;
}

/** Removes what lies in the trash, of this run and of earlier ones that were killed or ran out of budget. */
function drainTrash(trash: string, deadline: Deadline): Removal {
  const folders = readdirSync(trash).length;
  const removal = emptyDirectory(trash, { deadline });
  // The folders of the trash are the clean-up's own, and do not count as the job's.
  removal.directories = Math.max(0, removal.directories - folders);
  try {
    rmdirSync(trash);
  } catch {
    // Not empty: residue, or another runner's clean-up at this moment.
  }
  return removal;
}

/**
 * What another user owns cannot be removed, and would fail the next checkout. The workspace as a whole can be moved away,
 * since its parent is ours; a new one takes its place.
 */
function unbrick({ residue, finished }: Removal, workspace: string, moved: string): Residue[] {
  const blocked = finished && residue.some(({ reason }) => /another user/.test(reason));
  if (!blocked || !existsSync(workspace)) return [];
  try {
    const { mode } = statSync(workspace);
    mkdirSync(moved, { recursive: true, mode: 0o700 });
    renameSync(workspace, join(moved, 'workspace'));
    mkdirSync(workspace, { mode: mode & 0o777 });
    return [
      { path: join(moved, 'workspace'), reason: 'moved out of the workspace, since it could not be removed' },
    ];
  } catch (error) {
    return [{ path: workspace, reason: `could not be moved away either: ${(error as Error).message}` }];
  }
}
