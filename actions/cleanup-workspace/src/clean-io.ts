import { askHelper, type Deadline, formatDuration, NoAnswer, startDeadline } from '@runner-actions/core';
import {
  closeFolder,
  encodeName,
  type Folder,
  listFolder,
  mountFinder,
  moveEntries,
} from '@runner-actions/host';
import type { HelperRequest, HelperWork, Measured, Removed } from './helper-request.ts';
import type { Found, Plan } from './plan.ts';
import { originOf, type KeepRules, type Outcome } from './removal.ts';
import { newTrash, openTrash, type OwnTrash } from './trash.ts';
import type { Place } from './workspace.ts';

/** The name of the helper process in the bundle. */
const helper = 'helper';
/** Milliseconds after the deadline in which the helper must stop by itself. */
const grace = 2_000;

/** Lists the entries of the workspace. */
export function findEntries(workspace: Folder): Found[] {
  const holdsMount = mountFinder(workspace);
  return listFolder(workspace).map(({ name, isDirectory }) => ({
    ...{ name, isDirectory, holdsMount: holdsMount(encodeName(name)) },
  }));
}

/**
 * Executes the plan. First moves entries that can be removed as a whole to the trash, so that the workspace is clean
 * immediately and stays clean if the process is killed. A helper process then removes them, together with the
 * leftovers of earlier runs.
 * @returns the outcome, and the globs that matched nothing
 */
export async function execute(
  plan: Plan,
  place: Place,
  { unmatched, ...rules }: KeepRules & { unmatched: readonly string[] },
  deadline: Deadline,
): Promise<Removed> {
  const trash = freeWorkspace(plan, place);
  const milliseconds = deadline.remaining();
  try {
    const work = { act: 'remove' as const, plan, trash, ...rules, unmatched, milliseconds };
    return (await ask(place, work)) as Removed;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { outcome: unfinished(place, milliseconds), unmatched: [] };
  }
}

/** Measures the entries that the plan removes. Those that could not be measured in time are missing. */
export async function measure(plan: Plan, place: Place, deadline: Deadline): Promise<Measured> {
  try {
    const work = { act: 'measure' as const, plan, milliseconds: deadline.remaining() };
    return (await ask(place, work)) as Measured;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return [];
  }
}

/** Executes the first part of a plan: moves entries to the trash. One that cannot be moved is removed in place later. */
export function freeWorkspace({ steps }: Plan, place: Place): OwnTrash {
  const own = newTrash();
  const names = steps.filter(({ action }) => action === 'move').map(({ name }) => encodeName(name));
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

function ask({ work, repository, workspace }: Place, what: HelperWork): Promise<unknown> {
  const folders = [work, repository, workspace];
  const paths = folders.map(({ path }) => path);
  const files = folders.flatMap(({ handle }) => (handle === undefined ? [] : [handle.fd]));
  // Not a part of the deadline of the clean-up: the helper may reply just after that.
  const limit = startDeadline(what.milliseconds + grace);
  return askHelper(helper, { ...what, paths, parent: process.pid } satisfies HelperRequest, limit, files);
}

const unfinished = ({ workspace }: Place, milliseconds: number): Outcome => ({
  freedBytes: 0,
  removed: 0,
  residue: [
    {
      path: workspace.path,
      reason: `its file system did not answer within ${formatDuration(milliseconds + grace)}`,
    },
  ],
  leftovers: 0,
  finished: false,
});
