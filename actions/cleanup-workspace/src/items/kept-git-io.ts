import type { Deadline } from '@runner-actions/core';
import {
  closeFolder,
  encodeName,
  type Folder,
  openInside,
  readInside,
  replaceInside,
  type Residue,
  stateInside,
  unlinkInside,
} from '@runner-actions/host';
import { cleanConfig } from './git-config-rules.ts';
import { findUsers } from './git-users-io.ts';
import { changeLine, type KeptGitStep, pathText, pathUp, type Users, whyLockStays } from './kept-git.ts';
import { type KeptGitPlan, maxConfigBytes, reasonOf } from './kept-git-plan.ts';

/** The result of cleaning a kept `.git`. */
export interface KeptGitOutcome {
  /** One line for each change, for the log. */
  changes: string[];
  residue: Residue[];
  /** False if the deadline passed first. The next run does the rest. */
  finished: boolean;
}

/**
 * Executes a plan of `planKeptGit`. Right before each change it checks that the file is still the planned one. Starts
 * no program, not even git.
 */
export function cleanKeptGit(workspace: Folder, plan: KeptGitPlan, deadline: Deadline): KeptGitOutcome {
  const outcome: KeptGitOutcome = { changes: [], residue: [...plan.residue], finished: plan.finished };
  const users = plan.steps.length === 0 ? { running: [], hidden: [] } : findUsers(workspace);
  for (const step of plan.steps) {
    if (deadline.remaining() === 0) {
      outcome.finished = false;
      break;
    }
    const why = attempt(() => change(workspace, step, users));
    if (why === undefined) outcome.changes.push(changeLine(step));
    else if (why !== 'gone') outcome.residue.push({ path: pathText(step.path), reason: why });
  }
  return outcome;
}

function change(
  workspace: Folder,
  { path, change, isLock, id }: KeptGitStep,
  users: Users,
): string | undefined {
  const opened: Folder[] = [];
  try {
    let folder = workspace;
    for (const name of ['.git', ...path.slice(0, -1)]) {
      folder = openInside(folder, encodeName(name));
      opened.push(folder);
    }
    const name = encodeName(path.at(-1) ?? '');
    if (change === 'edit') return edit(folder, path, id, users);
    const { modified, user } = stateInside(folder, name);
    const why = isLock ? whyLockStays(users, { age: Date.now() - modified, user }) : undefined;
    if (why === undefined) unlinkInside(folder, name, id);
    return why;
  } finally {
    opened.forEach(closeFolder);
  }
}

function edit(folder: Folder, path: readonly string[], id: string, { running }: Users): string | undefined {
  const name = encodeName(path.at(-1) ?? '');
  const [first] = running;
  const isLocked = attempt(() => void stateInside(folder, `${name.toString()}.lock`)) === undefined;
  if (first !== undefined && isLocked) return `${first} is changing it`;
  const { bytes } = readInside(folder, name, maxConfigBytes);
  const cleaned = cleanConfig(bytes.toString('latin1'), pathUp(path));
  if (cleaned === undefined) return 'it changed during the clean-up';
  // If this process is killed before it renames the file, the next clean-up finds it as a lock.
  const beside = `${name.toString()}.runner-actions.lock`;
  replaceInside(folder, name, id, Buffer.from(cleaned.text, 'latin1'), beside);
  return undefined;
}

/** Returns why `act` did not succeed; `gone` if the entry does not exist. */
function attempt(act: () => string | undefined): string | undefined {
  try {
    return act();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : reasonOf(error);
  }
}
