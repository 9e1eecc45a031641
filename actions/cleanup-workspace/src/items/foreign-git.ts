import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import { closeFolder, moveEntry, mountsBelow, pathInFolder, walkTree } from '@runner-actions/host';
import { originOf } from '../removal.ts';
import { newTrash, openTrash } from '../trash.ts';
import type { Place } from '../workspace.ts';
import type { KeptGitOutcome } from './kept-git-io.ts';
import { type KeptGitPlan, reasonOf } from './kept-git-plan.ts';
import { changeLine, pathText } from './kept-git.ts';

/**
 * Plans to move a kept `.git` to the trash if it belongs to this user but has folders of another one, or files that
 * git changes in place, as a container leaves them. Git could not change these, so each later checkout would fail. A `.git` that is another user's as a whole
 * stays: jobs in a container may go on with it.
 * @param protect paths that stay as they are, relative to the workspace
 * @returns `undefined` if `.git` can stay, or if this process may change the files of every user
 */
export function planForeignGit(
  { workspace }: Place,
  deadline: Deadline,
  protect: readonly string[],
): KeptGitPlan | undefined {
  const user = process.geteuid?.() ?? 0;
  const path = Buffer.from(join(workspace.path, '.git'));
  const top = lstatSync(path, { throwIfNoEntry: false });
  if (user === 0 || top?.isDirectory() !== true || top.uid !== user) return undefined;
  let found: { path: string; uid: number } | undefined;
  walkTree(path, mountsBelow(workspace.path), deadline, (entry, at) => {
    const inner = at.subarray(path.length + 1).toString();
    if (entry.uid !== user && (entry.isDirectory() || isChangedInPlace(inner)))
      found = { path: inner, uid: entry.uid };
    return found === undefined;
  });
  if (found === undefined) return undefined;
  const owner = found.uid === 0 ? 'root' : `user ${found.uid}`;
  const why = `${JSON.stringify(found.path)} in it belongs to ${owner}, so git in the next job could not change it`;
  const what = pathText([]);
  const plan: KeptGitPlan = { steps: [], residue: [], notes: [], finished: true };
  if (protect.some((own) => own === '' || own === what || own.startsWith(`${what}/`)))
    return { ...plan, residue: [{ path: what, reason: `${why}; the machine's policy protects it` }] };
  const id = `${top.dev}:${top.ino}`;
  return {
    ...plan,
    steps: [{ action: 'remove', what, why, change: 'move', isLock: false, path: [], id }],
    notes: [`'.git' does not stay, because ${why}. The next checkout clones again.`],
  };
}

/** Whether git changes a file where it is. It replaces others, which the owner of their folder may do. */
const isChangedInPlace = (path: string): boolean =>
  /(?:^|\/)(?:logs\/|(?:FETCH_HEAD|COMMIT_EDITMSG|MERGE_MSG)$)/.test(path);

/** Executes a plan of `planForeignGit`. */
export function moveForeignGit(place: Place, plan: KeptGitPlan, cleaner: number): KeptGitOutcome {
  const outcome: KeptGitOutcome = { changes: [], residue: [...plan.residue], finished: true };
  for (const step of plan.steps) {
    try {
      const { dev, ino } = lstatSync(pathInFolder(place.workspace, '.git'));
      if (`${dev}:${ino}` !== step.id) throw new Error('it was replaced during the clean-up');
      const into = openTrash(place.work, newTrash(cleaner)).folderFor(originOf(place));
      try {
        moveEntry(place.workspace, Buffer.from('.git'), into);
      } finally {
        closeFolder(into);
      }
      outcome.changes.push(changeLine(step));
    } catch (error) {
      const why = `${step.why}; it could not be moved to the trash either: ${reasonOf(error)}`;
      outcome.residue.push({ path: step.what, reason: why });
    }
  }
  return outcome;
}
