import { basename, join } from 'node:path';
import { lstatSync, mkdirSync } from 'node:fs';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  emptyDirectory,
  explainFileError,
  isInside,
  listFolder,
  movedAway,
  moveEntry,
  pathInFolder,
  type Removal,
  type Residue,
} from '@runner-actions/host';
import { keepByGlobs, keepProtected } from './keep.ts';
import type { ItemOutcome } from './item.ts';
import type { WorkspaceStep } from './plan.ts';
import { type Trash, warnOfTrash } from './trash.ts';
import { type Place, protectedPaths } from './workspace.ts';

/** The result of executing the steps of the workspace. */
export interface WorkspaceOutcome extends ItemOutcome {
  /** Globs of `keep` that matched nothing. */
  unmatched: string[];
}

/** The rules for entries that stay. */
export interface KeepRules {
  keep: readonly string[];
  /** Absolute paths that the machine's policy protects. */
  protect: readonly string[];
}

/**
 * Executes the second part of the plan: removes what could not be moved, then the contents of the trash, and checks that
 * nothing else is left in the workspace.
 * @param unmatched globs that have matched nothing so far. The function removes those that match
 */
export function removeRest(
  steps: readonly WorkspaceStep[],
  { place, trash }: { place: Place; trash: Trash },
  { keep: globs, protect }: KeepRules,
  unmatched: Set<string>,
  deadline: Deadline,
): WorkspaceOutcome {
  const { workspace } = place;
  const keep = keepProtected(protectedPaths(protect, workspace.path), keepByGlobs(globs, unmatched));
  const origin = originOf(place);
  const planned = new Set(steps.filter(({ action }) => action === 'remove').map(({ what }) => what));
  const inPlace = emptyDirectory(workspace, {
    deadline,
    ownsProcess: true,
    waits: true,
    keep: (path, isDirectory) =>
      planned.has(path.split('/', 1)[0] ?? '') ? keep(path, isDirectory) : 'keep',
    aside: (parent) => trash.folderFor(join(origin, parent)),
  });
  const known = new Set(steps.map(({ what }) => what));
  const findAdded = () => listFolder(workspace).filter(({ name }) => !known.has(name));
  const residue = findAdded().length > 0 ? [...inPlace.residue] : replaceBlocked(inPlace, place, trash);
  const { own, earlier, unusable } = trash.drain(protect, deadline);
  // Report an entry once if it was moved because it could not be removed.
  const moved = residue.filter(({ reason }) => reason.startsWith(movedAway(''))).map(({ path }) => path);
  residue.push(...own.residue.filter(({ path }) => !moved.some((folder) => isInside(path, folder))));
  residue.push(
    ...findAdded().map(({ name }) => ({ path: join(workspace.path, name), reason: addedMeanwhile })),
  );
  const parts = [inPlace, own, ...earlier];
  const sum = (count: (part: Removal) => number) => parts.reduce((total, part) => total + count(part), 0);
  return {
    freedBytes: sum(({ freedBytes }) => freedBytes),
    removed: sum(({ files, directories }) => files + directories),
    residue,
    warnings: unusable === undefined ? [] : [warnOfTrash(unusable)],
    unmatched: [...unmatched],
    finished: parts.every(({ finished }) => finished),
  };
}

const addedMeanwhile = 'it was added during the clean-up: a process or a container is still writing there';

/** Returns the path of the workspace below `_work`, which its entries keep in the trash. */
export const originOf = ({ repository, workspace }: Place): string =>
  `${basename(repository.path)}/${basename(workspace.path)}`;

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
