import { formatDuration, quote } from '@runner-actions/core';
import {
  closeFolder,
  encodeName,
  type Folder,
  listFolder,
  mountFinder,
  moveEntries,
} from '@runner-actions/host';
import { askFor, grace } from './file-helper-io.ts';
import type { Item, StepSize } from './item.ts';
import { keepByGlobs } from './keep.ts';
import { type Found, planWorkspace, type WorkspaceStep } from './plan.ts';
import { type KeepRules, originOf, type WorkspaceOutcome } from './removal.ts';
import { newTrash, openTrash, type OwnTrash } from './trash.ts';
import { isMount, type Place, protectedPaths } from './workspace.ts';

/**
 * Returns the item of a workspace. To execute the plan, it first moves entries that can be removed as a whole to the
 * trash, so that the workspace is clean immediately and stays clean if the process is killed. A helper process then
 * removes them, together with the leftovers of earlier runs.
 */
export function workspaceItem(place: Place, rules: KeepRules): Item<WorkspaceStep> {
  const { path } = place.workspace;
  const unmatched = new Set(rules.keep);
  return {
    name: 'workspace',
    plan: async () => {
      const listing = { found: findEntries(place.workspace), isMount: isMount(place) };
      return planWorkspace(listing, keepByGlobs(rules.keep, unmatched), protectedPaths(rules.protect, path));
    },
    execute: async (steps, deadline) => {
      const trash = freeWorkspace(steps, place);
      const milliseconds = deadline.remaining();
      const work = { act: 'remove' as const, steps, trash, ...rules, unmatched: [...unmatched] };
      const outcome = (await askFor(place, work, milliseconds)) as WorkspaceOutcome | undefined;
      return outcome ?? unanswered(place, milliseconds);
    },
    notes: (outcome) => notesOf(outcome as WorkspaceOutcome | undefined, [...unmatched]),
    measure: async (steps, deadline) => {
      const answer = await askFor(place, { act: 'measure', steps }, deadline.remaining());
      return (answer ?? []) as StepSize[];
    },
  };
}

/** @param unmatched globs that matched nothing at the top of the workspace */
function notesOf(outcome: WorkspaceOutcome | undefined, unmatched: readonly string[]): string[] {
  // A dry run, or a run whose budget was used up, has not seen deeper folders. Then report only globs for the top.
  const reported = (outcome?.unmatched ?? unmatched).filter(
    (glob) => outcome?.finished === true || !/\/./.test(glob),
  );
  return reported.length === 0
    ? []
    : [`These globs of 'keep' matched nothing: ${reported.map(quote).join(', ')}.`];
}

/** Lists the entries of the workspace. */
export function findEntries(workspace: Folder): Found[] {
  const holdsMount = mountFinder(workspace);
  return listFolder(workspace).map(({ name, isDirectory }) => ({
    ...{ name, isDirectory, holdsMount: holdsMount(encodeName(name)) },
  }));
}

/** Executes the first part of the plan: moves entries to the trash. One that cannot be moved is removed in place later. */
export function freeWorkspace(steps: readonly WorkspaceStep[], place: Place): OwnTrash {
  const own = newTrash();
  const names = steps
    .filter(({ action, inPlace }) => action === 'remove' && !inPlace)
    .map(({ what }) => encodeName(what));
  if (names.length === 0) return own;
  try {
    const into = openTrash(place.work, own).folderFor(originOf(place));
    try {
      moveEntries(place.workspace, names, into);
    } finally {
      closeFolder(into);
    }
  } catch {
    // Without a trash, everything is removed in place.
  }
  return own;
}

function unanswered({ workspace }: Place, milliseconds: number): WorkspaceOutcome {
  const reason = `its file system did not answer within ${formatDuration(milliseconds + grace)}`;
  const residue = [{ path: workspace.path, reason }];
  return { freedBytes: 0, removed: 0, residue, unmatched: [], finished: false };
}
