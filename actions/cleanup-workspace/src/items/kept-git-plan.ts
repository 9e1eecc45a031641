import { type Deadline, messageOf } from '@runner-actions/core';
import {
  closeFolder,
  encodeName,
  type Entry,
  type EntryState,
  explainFileError,
  type Folder,
  foldName,
  listFolder,
  openInside,
  readInside,
  type Residue,
  stateInside,
} from '@runner-actions/host';
import { cleanConfig } from './git-config-rules.ts';
import { findUsers, withCollector } from './git-users-io.ts';
import {
  type EntryRole,
  type GitFolder,
  isCredentialStore,
  isRepository,
  type KeptGitStep,
  pathText,
  pathUp,
  reasons,
  roleOf,
  settingsText,
  type Users,
  whyLockStays,
} from './kept-git.ts';

/** What a clean-up changes in a kept `.git`. It is plain data: a dry run only shows it, a run executes it. */
export interface KeptGitPlan {
  steps: KeptGitStep[];
  /** What stays although it should go. */
  residue: Residue[];
  /** What is not looked at, for the log. */
  notes: string[];
  /** False if the deadline passed, or a limit was reached. The next run does the rest. */
  finished: boolean;
}

/** Bytes of a configuration file. Git writes some hundred. */
export const maxConfigBytes = 1_048_576;
/** Bytes of a store of credentials, which has one line for each host. */
const maxStoreBytes = 65_536;
/** Number of folders in each other. Each of them is held open. */
const maxDepth = 60;
/** Number of steps and residue. */
const maxFound = 10_000;
/** Folders in a submodule's git folder that contain no other submodules. */
const withoutModules = ['branches', 'lfs', 'rr-cache'];
const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';

interface Walk {
  plan: KeptGitPlan;
  deadline: Deadline;
  protect: readonly string[];
}

/** A folder that the walk is in. */
interface Place {
  folder: Folder;
  kind: GitFolder;
  /** Path in `.git`. */
  path: readonly string[];
  /** Path in the git folder of this kind. */
  inner: readonly string[];
  users: Users;
}

/**
 * Finds what to clean in the `.git` of a workspace, if that is a real folder. Changes nothing. Call it where it can be
 * abandoned, since a file system may never answer.
 * @param protect paths that stay as they are, relative to the workspace
 */
export function planKeptGit(
  workspace: Folder,
  deadline: Deadline,
  protect: readonly string[] = [],
): KeptGitPlan {
  const plan: KeptGitPlan = { steps: [], residue: [], notes: [], finished: true };
  let folder: Folder;
  try {
    folder = openInside(workspace, '.git');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'LINK' || code === 'FILE')
      plan.notes.push("'.git' leads to a repository in another place. Nothing is cleaned there.");
    else if (code !== 'ENOENT') plan.residue.push({ path: pathText([]), reason: reasonOf(error) });
    return plan;
  }
  try {
    const users = withCollector(findUsers(workspace), folder);
    visit({ plan, deadline, protect }, { folder, kind: 'repository', path: [], inner: [], users });
  } finally {
    closeFolder(folder);
  }
  // Without this order, a lock of the configuration would still be there when the configuration changes.
  plan.steps.sort((one, other) => Number(one.change === 'edit') - Number(other.change === 'edit'));
  return plan;
}

function visit(walk: Walk, place: Place, entries?: readonly Entry[]): void {
  const { plan, deadline } = walk;
  try {
    for (const { name, isDirectory } of entries ?? listFolder(place.folder)) {
      if (deadline.remaining() === 0 || plan.steps.length + plan.residue.length >= maxFound) {
        plan.finished = false;
        return;
      }
      if (isProtected(walk, [...place.path, name])) continue;
      const entry = { name, path: [...place.path, name], inner: [...place.inner, name] };
      if (place.kind === 'modules') visitInModules(walk, place, entry, isDirectory);
      else
        visitEntry(
          walk,
          place,
          entry,
          roleOf(entry.inner, isDirectory, place.kind, ignoresCase),
          isDirectory,
        );
    }
  } catch (error) {
    plan.residue.push({ path: pathText(place.path), reason: reasonOf(error) });
  }
}

function isProtected({ protect }: Walk, path: readonly string[]): boolean {
  const text = foldName(pathText(path));
  return protect
    .map((own) => foldName(own))
    .some((own) => own === '' || text === own || text.startsWith(`${own}/`));
}

/** An entry of a place. */
interface Named {
  name: string;
  path: readonly string[];
  inner: readonly string[];
}

function visitInModules(walk: Walk, place: Place, entry: Named, isDirectory: boolean): void {
  if (isDirectory) enter(walk, place, entry, 'module');
  else visitFile(walk, place, entry, 'link to others');
}

function visitEntry(walk: Walk, place: Place, entry: Named, role: EntryRole, isDirectory: boolean): void {
  if (!isDirectory) return role === 'nothing' ? undefined : visitFile(walk, place, entry, role);
  if (role === 'look inside' || role === 'worktree' || role === 'modules')
    return enter(walk, place, entry, role);
  // In `modules`, a submodule's folder may contain those of others, whose names begin with its name.
  const mayHoldModules = place.path.length > 0 && place.inner.length === 0 && place.kind === 'repository';
  if (mayHoldModules && !withoutModules.includes(entry.name)) enter(walk, place, entry, 'module');
}

function enter(
  walk: Walk,
  place: Place,
  entry: Named,
  role: 'look inside' | 'worktree' | 'modules' | 'module',
): void {
  const { residue } = walk.plan;
  if (entry.path.length > maxDepth) {
    residue.push({ path: pathText(entry.path), reason: `it is more than ${maxDepth} folders deep` });
    return;
  }
  let folder: Folder | undefined;
  try {
    folder = openInside(place.folder, encodeName(entry.name));
    const { path } = entry;
    if (role === 'look inside') return visit(walk, { ...place, ...entry, folder });
    if (role === 'worktree') return visit(walk, { ...place, folder, path, inner: [], kind: 'worktree' });
    const entries = listFolder(folder);
    // A HEAD file in the folder `modules` itself does not make it a repository.
    const isModule = role === 'module' && isRepository(entries);
    const users = isModule ? withCollector(place.users, folder) : place.users;
    const kind = isModule ? 'repository' : 'modules';
    visit(walk, { folder, path, inner: [], kind, users }, entries);
  } catch (error) {
    residue.push({ path: pathText(entry.path), reason: reasonOf(error) });
  } finally {
    if (folder !== undefined) closeFolder(folder);
  }
}

function visitFile(walk: Walk, { folder, kind, users }: Place, { name, path }: Named, role: EntryRole): void {
  const { steps, residue } = walk.plan;
  try {
    const state = stateInside(folder, encodeName(name));
    const found =
      role === 'config' && state.kind !== 'link'
        ? judgeConfig(folder, name, path)
        : judgeFile({ folder, kind, users }, name, role, state);
    if (found === undefined) return;
    if ('stays' in found) residue.push({ path: pathText(path), reason: found.stays });
    else {
      const step = { action: 'remove', what: pathText(path), why: found.why, change: found.change } as const;
      steps.push({ ...step, isLock: role === 'lock', path: [...path], id: found.id ?? state.id });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') residue.push({ path: pathText(path), reason: reasonOf(error) });
  }
}

/** Why an entry goes or stays; `undefined` for one that nobody needs to know of. */
type Judgement = { change: KeptGitStep['change']; why: string; id?: string } | { stays: string } | undefined;

function judgeFile(
  { folder, kind, users }: Pick<Place, 'folder' | 'kind' | 'users'>,
  name: string,
  role: EntryRole,
  state: EntryState,
): Judgement {
  const goes = (why: string): Judgement => ({ change: 'delete', why });
  const isLink = state.kind === 'link';
  if (state.kind === 'directory') return undefined;
  if (role === 'lock') {
    const stays = whyLockStays(users, { age: Date.now() - state.modified, user: state.user });
    return stays === undefined ? goes(reasons.lock) : { stays };
  }
  if (role === 'link to others')
    return isLink
      ? { stays: 'it is a link, and the repository to which it leads is not cleaned' }
      : undefined;
  if (role === 'other repository')
    return kind === 'worktree' && leadsUp(folder, name) ? undefined : goes(reasons.commondir);
  if (role === 'config') return goes(reasons.link);
  if (role === 'perhaps credentials')
    return holdsCredentials(folder, name, state) ? goes(reasons.credentials) : undefined;
  if (role === 'hooks') return isLink ? goes(reasons.hooks) : undefined;
  return role === 'hook' || role === 'credentials' ? goes(reasons[role]) : undefined;
}

function judgeConfig(folder: Folder, name: string, path: readonly string[]): Judgement {
  const { bytes, state } = readInside(folder, encodeName(name), maxConfigBytes);
  const cleaned = cleanConfig(bytes.toString('latin1'), pathUp(path));
  if (cleaned === undefined) return { stays: 'git cannot read it either: it is not a valid configuration' };
  if (cleaned.changed.length === 0) return undefined;
  return { change: 'edit', why: settingsText(cleaned.changed), id: state.id };
}

function holdsCredentials(folder: Folder, name: string, { kind, bytes }: EntryState): boolean {
  if (kind !== 'file' || bytes > maxStoreBytes) return false;
  try {
    return isCredentialStore(readInside(folder, encodeName(name), maxStoreBytes).bytes.toString('latin1'));
  } catch (error) {
    // A file that this user cannot read gives no credentials to the next job of this user either.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return false;
    throw error;
  }
}

/** Returns whether a worktree's `commondir` leads to the repository that it is in, as git writes it. */
function leadsUp(folder: Folder, name: string): boolean {
  return readInside(folder, encodeName(name), 4096).bytes.toString('latin1').trim() === '../..';
}

export function reasonOf(error: unknown): string {
  return explainFileError((error as NodeJS.ErrnoException).code) ?? messageOf(error);
}
