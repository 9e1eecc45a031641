import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  emptyDirectory,
  isDebris,
  isInside,
  isUnknown,
  measureTree,
  moveEntries,
  ownerName,
  ownerOf,
  readMounts,
  type Removal,
  type Residue,
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

/** Milliseconds after which what lies in the trash is a leftover, where it cannot be told whether its process has died. */
const patience = 3_600_000;

const nothing: Removal = { files: 0, directories: 0, freedBytes: 0, residue: [], finished: true };

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
  const moved = join(trash, `${ownerName(ownerOf(process.pid))}_${randomUUID()}`);
  makeAside(moved);
  const whole = plan.steps.filter(({ action }) => action === 'move');
  moveEntries(
    workspace,
    moved,
    whole.map(({ name }) => encodeName(name)),
  );
  const planned = new Set(plan.steps.filter(({ action }) => action !== 'keep').map(({ name }) => name));
  const inPlace = emptyDirectory(workspace, {
    deadline,
    keep: (path, isDirectory) =>
      planned.has(path.split('/', 1)[0] ?? '') ? keep(path, isDirectory) : 'keep',
  });
  const parts = [inPlace, ...drainTrash(trash, moved, deadline)];
  const sum = (count: (part: Removal) => number) => parts.reduce((total, part) => total + count(part), 0);
  return {
    freedBytes: sum(({ freedBytes }) => freedBytes),
    removed: sum(({ files, directories }) => files + directories),
    residue: [...parts.flatMap(({ residue }) => residue), ...unbrick(inPlace, workspace, moved)],
    finished: parts.every(({ finished }) => finished),
  };
}

/** Another clean-up removes the trash when it is empty, between two calls of ours as well: then it is made again. */
function makeAside(moved: string): void {
  for (let attempt = 0; ; attempt += 1) {
    try {
      mkdirSync(moved, { recursive: true, mode: 0o700 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 20) throw error;
    }
  }
}

/**
 * Removes what lies in the trash, of this run and of earlier ones that were killed or ran out of budget. What a clean-up
 * that is at work has there is its own.
 */
function drainTrash(trash: string, own: string, deadline: Deadline): Removal[] {
  const folders = readdirSync(trash).map((name) => join(trash, name));
  const abandoned = folders.filter((path) => path === own || isDebris(path, patience, Date.now()));
  const removals = abandoned.flatMap((path) => drainFolder(path, deadline));
  removeEmpty(trash);
  return removals;
}

function drainFolder(path: string, deadline: Deadline): Removal[] {
  try {
    return [emptyDirectory(path, { deadline })];
  } catch (error) {
    // Another clean-up removes the same leftovers.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return [{ ...nothing, residue: [{ path, reason: messageOf(error) }] }];
  } finally {
    removeEmpty(path);
  }
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Not empty: residue, or another clean-up at this moment.
  }
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
    makeAside(moved);
    renameSync(workspace, join(moved, 'workspace'));
    mkdirSync(workspace, { mode: mode & 0o777 });
    return [
      { path: join(moved, 'workspace'), reason: 'moved out of the workspace, since it could not be removed' },
    ];
  } catch (error) {
    return [{ path: workspace, reason: `could not be moved away either: ${(error as Error).message}` }];
  }
}
