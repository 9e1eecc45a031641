import { lstatSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  emptyDirectory,
  encodeName,
  entryOf,
  explainFileError,
  type Folder,
  isInside,
  listFolder,
  measureTree,
  mountsBelow,
  movedAway,
  moveEntry,
  type Removal,
  type Residue,
} from '@runner-actions/host';
import type { Verdict } from './keep.ts';
import type { Found, Plan } from './plan.ts';
import { openTrash, type Trash } from './trash.ts';
import type { Place } from './workspace.ts';

/** What became of a plan. */
export interface Outcome {
  freedBytes: number;
  removed: number;
  /** What this job left that could not be removed. */
  residue: Residue[];
  /** What earlier clean-ups left in the trash, and this one could not remove either. */
  leftovers: Residue[];
  /** False: the budget was used up, and what is left is out of the way, for the next run. */
  finished: boolean;
}

/** What stays: by the user's globs, and by the machine owner's policy. */
interface Kept {
  keep: (path: string, isDirectory: boolean) => Verdict;
  /** Absolute paths. */
  protect: readonly string[];
}

/** What is in the workspace. Sizes are looked up as far as the deadline allows. */
export function findEntries(workspace: Folder, deadline: Deadline): Found[] {
  const mounts = mountsBelow(workspace.path);
  return listFolder(workspace).map(({ name, isDirectory }) => {
    const path = Buffer.concat([Buffer.from(`${workspace.path}/`), encodeName(name)]);
    const { files, bytes } = measureTree(path, mounts, deadline);
    const holdsMount = mounts.some((point) => isInside(point, path.toString()));
    return { name, isDirectory, files, bytes, holdsMount };
  });
}

/**
 * Does what the plan says: what goes whole is renamed out of the way first, so that the workspace is clean at once and
 * stays clean if the process is killed; then it is removed, with what earlier runs left behind.
 */
export function execute(plan: Plan, place: Place, { keep, protect }: Kept, deadline: Deadline): Outcome {
  const trash = openTrash(place.work);
  const origin = `${basename(place.repository.path)}/${basename(place.workspace.path)}`;
  moveWhole(plan, place.workspace, () => trash.folderFor(origin));
  const planned = new Set(plan.steps.filter(({ action }) => action !== 'keep').map(({ name }) => name));
  const inPlace = emptyDirectory(place.workspace, {
    deadline,
    keep: (path, isDirectory) =>
      planned.has(path.split('/', 1)[0] ?? '') ? keep(path, isDirectory) : 'keep',
    aside: (parent) => trash.folderFor(join(origin, parent)),
  });
  const residue = replaceBlocked(inPlace, place, trash);
  const { own, earlier } = trash.drain(protect, deadline);
  // What was moved since it could not be removed is told once.
  const moved = residue.filter(({ reason }) => reason.startsWith(movedAway(''))).map(({ path }) => path);
  residue.push(...own.residue.filter(({ path }) => !moved.some((folder) => isInside(path, folder))));
  const parts = [inPlace, own, ...earlier];
  const sum = (count: (part: Removal) => number) => parts.reduce((total, part) => total + count(part), 0);
  return {
    freedBytes: sum(({ freedBytes }) => freedBytes),
    removed: sum(({ files, directories }) => files + directories),
    residue,
    leftovers: earlier.flatMap((part) => part.residue),
    finished: parts.every(({ finished }) => finished),
  };
}

/** What cannot be moved, or has no trash to go to, is removed where it is. */
function moveWhole({ steps }: Plan, workspace: Folder, open: () => Folder): void {
  const whole = steps.filter(({ action }) => action === 'move');
  if (whole.length === 0) return;
  const into = attempt(open);
  if (into === undefined) return;
  for (const { name } of whole) attempt(() => moveEntry(workspace, encodeName(name), into));
  closeFolder(into);
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    // Removal comes next, and says what stayed and why.
    return undefined;
  }
}

/**
 * A folder of another user's at the top of the workspace can neither be removed nor moved, and would fail the next
 * checkout. Where nothing is kept, the workspace as a whole is moved away, since its parent is ours; a new one takes its
 * place.
 */
function replaceBlocked(removal: Removal, { repository, workspace }: Place, trash: Trash): Residue[] {
  const { residue, finished, blocked, kept } = removal;
  if (!finished || blocked === '' || kept > 0) return [...residue];
  const name = basename(workspace.path);
  try {
    const { mode } = lstatSync(entryOf(workspace, '.'));
    const into = trash.folderFor(basename(repository.path));
    try {
      moveEntry(repository, Buffer.from(name), into);
    } finally {
      closeFolder(into);
    }
    mkdirSync(entryOf(repository, name), { mode: mode & 0o777 });
    return [{ path: join(into.path, name), reason: movedAway(blocked) }];
  } catch (error) {
    const why = explainFileError((error as NodeJS.ErrnoException).code) ?? messageOf(error);
    return [...residue, { path: workspace.path, reason: `could not be moved away either: ${why}` }];
  }
}
