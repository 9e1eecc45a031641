import { lstatSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  emptyDirectory,
  encodeName,
  pathInFolder,
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

/** The result of executing a plan. */
export interface Outcome {
  freedBytes: number;
  removed: number;
  /** Entries of this job that could not be removed. */
  residue: Residue[];
  /** Entries of earlier clean-ups in the trash that this one could not remove either. */
  leftovers: Residue[];
  /** False if the time budget was used up. The next run removes the rest. */
  finished: boolean;
}

/** The rules for entries that stay. */
interface KeepRules {
  /** The user's globs together with the machine's policy. */
  keep: (path: string, isDirectory: boolean) => Verdict;
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
}

/** Lists the entries of the workspace. Measures their sizes as far as the deadline allows. */
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
 * Executes the plan. First moves entries that can be removed as a whole to the trash, so that the workspace is clean
 * immediately and stays clean if the process is killed. Then removes them, together with the leftovers of earlier
 * runs.
 */
export function execute(plan: Plan, place: Place, { keep, protect }: KeepRules, deadline: Deadline): Outcome {
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
  // Report an entry once if it was moved because it could not be removed.
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

/**
 * Moves whole entries to the trash. If an entry cannot be moved, or there is no trash, it is removed in place later.
 */
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
    // The removal comes next. It reports what stayed and why.
    return undefined;
  }
}

/**
 * Replaces the workspace if it contains a folder of another user at its top. Such a folder can be neither removed nor
 * moved, and the next checkout would fail. If nothing is kept, the function moves the whole workspace to the trash,
 * because this user owns its parent, and creates a new one.
 */
function replaceBlocked(removal: Removal, { repository, workspace }: Place, trash: Trash): Residue[] {
  const { residue, finished, blocked, kept } = removal;
  if (!finished || blocked === '' || kept > 0) return [...residue];
  const name = basename(workspace.path);
  try {
    const { mode } = lstatSync(pathInFolder(workspace, '.'));
    const into = trash.folderFor(basename(repository.path));
    try {
      moveEntry(repository, Buffer.from(name), into);
    } finally {
      closeFolder(into);
    }
    mkdirSync(pathInFolder(repository, name), { mode: mode & 0o777 });
    return [{ path: join(into.path, name), reason: movedAway(blocked) }];
  } catch (error) {
    const why = explainFileError((error as NodeJS.ErrnoException).code) ?? messageOf(error);
    return [...residue, { path: workspace.path, reason: `could not be moved to the trash either: ${why}` }];
  }
}
