import type { ItemStep } from '../item.ts';

/**
 * A kind of git folder. `repository`: `.git`, or a submodule's folder in `modules`. `worktree`: a folder in
 * `worktrees`. `modules`: a folder that contains the folders of submodules.
 */
export type GitFolder = 'repository' | 'worktree' | 'modules';

/** What an entry of a git folder is to the clean-up. */
export type EntryRole =
  | 'lock'
  | 'hook'
  | 'hooks'
  | 'config'
  | 'other repository'
  | 'credentials'
  | 'perhaps credentials'
  | 'link to others'
  | 'look inside'
  | GitFolder
  | 'nothing';

/**
 * The folders in which git locks files at any depth. No part of a ref, and so no file here, may have a name that ends
 * in `.lock`. Source: git, refs.c, `check_refname_component`.
 */
const lockFolders = ['refs', 'logs', 'reftable', 'info', 'rebase-merge', 'rebase-apply', 'sequencer'];

/** The folders of `objects` in which git locks files, and the one in which only this file is a lock. */
const objectFolders = ['info', 'info/commit-graphs', 'pack', 'pack/multi-pack-index.d'];
const packLock = 'pack/multi-pack-index.lock';

/**
 * Files for `git config credential.helper 'store --file …'`, as manuals name them. Git itself has no such files. A file
 * with another name is recognized by what is in it.
 */
const credentialFiles = ['credentials', '.credentials', 'git-credentials', '.git-credentials'];

/**
 * Tells what an entry is. Git locks a file `x` by a new file `x.lock` (source: git, lockfile.c); these names count
 * only in places where git itself locks files.
 * @param parts its path in the git folder
 * @param ignoresCase whether the file system finds `config` under the name `CONFIG`
 */
export function roleOf(
  parts: readonly string[],
  isDirectory: boolean,
  folder: Exclude<GitFolder, 'modules'>,
  ignoresCase: boolean,
): EntryRole {
  const [first = '', ...rest] = ignoresCase ? parts.map((part) => part.toLowerCase()) : parts;
  const name = rest.at(-1) ?? first;
  if (isDirectory) return directoryRole(first, rest, folder);
  if (rest.length === 0) return topFileRole(name, folder);
  if (first === 'hooks') return rest.length === 1 && !name.endsWith('.sample') ? 'hook' : 'nothing';
  if (!name.endsWith('.lock')) return 'nothing';
  if (lockFolders.includes(first)) return 'lock';
  if (first !== 'objects') return 'nothing';
  return rest[0] !== 'pack' || rest.length > 2 || rest.join('/') === packLock ? 'lock' : 'nothing';
}

function directoryRole(first: string, rest: readonly string[], folder: GitFolder): EntryRole {
  if (lockFolders.includes(first)) return 'look inside';
  if (folder === 'worktree') return 'nothing';
  if (first === 'objects')
    return rest.length === 0 || objectFolders.includes(rest.join('/')) ? 'look inside' : 'nothing';
  if (first === 'worktrees') return rest.length === 0 ? 'look inside' : 'worktree';
  if (rest.length > 0) return 'nothing';
  if (first === 'hooks') return 'look inside';
  return first === 'modules' ? 'modules' : 'nothing';
}

function topFileRole(name: string, folder: GitFolder): EntryRole {
  if (name === 'config.worktree') return 'config';
  if (name === 'commondir') return 'other repository';
  if (name.endsWith('.lock')) return 'lock';
  if (folder === 'worktree') return 'nothing';
  if (name === 'config') return 'config';
  if (name === 'hooks') return 'hooks';
  if (name === 'modules' || name === 'worktrees') return 'link to others';
  return credentialFiles.includes(name) ? 'credentials' : 'perhaps credentials';
}

/**
 * Returns whether a folder in `modules` is a submodule's git folder. A submodule's name may contain `/`, so that it
 * may also be a part of such a name.
 */
export const isRepository = (entries: readonly { name: string; isDirectory: boolean }[]): boolean =>
  entries.some(
    ({ name, isDirectory }) => !isDirectory && ['head', 'config', 'commondir'].includes(name.toLowerCase()),
  );

/** One change in a kept `.git`, as plain data. */
export interface KeptGitStep extends ItemStep {
  /**
   * `delete`: deletes the file or link. `edit`: removes settings from the configuration file. `move`: moves all of
   * `.git` to the trash.
   */
  change: 'delete' | 'edit' | 'move';
  /** Whether it is a lock file. It stays if a process has opened it meanwhile. */
  isLock: boolean;
  /** Its path in `.git`, with names in the form of `decodeName`. */
  path: string[];
  /** Identifies the file. Another file in its place stays. */
  id: string;
}

/** Returns the path of an entry in the workspace. @param path in `.git` */
export const pathText = (path: readonly string[]): string => ['.git', ...path].join('/');

/** Returns the path that leads from a submodule's git folder to the workspace. @param path of a file in that folder */
export const pathUp = ([first, ...rest]: readonly string[]): string | undefined =>
  first === 'modules' ? '../'.repeat(rest.length + 1) : undefined;

/** Formats a step for the log, both for a dry run and after the change. */
export const changeLine = ({ change, what, why }: KeptGitStep): string =>
  `${change.padEnd(8)} ${JSON.stringify(what)} (${why})`;

/** Why an entry is deleted. */
export const reasons = {
  lock: 'git locked a file with it, and its process has ended',
  hook: 'git would run it in the next job',
  hooks: 'git would run the programs that it leads to',
  link: 'git would follow this link to settings in another place',
  commondir: 'git would read the settings and hooks of another repository',
  credentials: 'it is a store of credentials',
} as const;

/** Number of settings that a message names. */
const maxNames = 8;

/** Explains which settings go. @param names quoted */
export function settingsText(names: readonly string[]): string {
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  return `without ${names.slice(0, maxNames).join(', ')}${more}: such settings may be credentials or run programs`;
}

/** Returns whether a file is a store of `git credential-store`: each line is a URL with a user and a password. */
export const isCredentialStore = (text: string): boolean =>
  text.trim() !== '' &&
  text
    .trim()
    .split('\n')
    .every((line) => /^[a-z][a-z\d+.-]*:\/\/[^\s/:@]*:[^\s/@]+@\S*$/.test(line));

/** What is known of the processes that may use the repository. */
export interface Users {
  /** Processes that certainly use it, such as `git (process 5)`. */
  running: readonly string[];
  /**
   * Users with a git process that this user may not look into. `everybody` if processes cannot be listed. `except`: the
   * only user whose processes are visible.
   */
  hidden: readonly number[] | { except: number } | 'everybody';
}

/** Age in milliseconds at which a lock goes although it is unknown whether its process is alive. */
export const safeAge = 600_000;

/**
 * Returns why a lock stays; `undefined` if it goes.
 * @param age in milliseconds
 * @param user who owns the lock
 */
export function whyLockStays(users: Users, { age, user }: { age: number; user: number }): string | undefined {
  const [first] = users.running;
  if (first !== undefined) return `${first} is running in this repository`;
  if (!isHidden(user, users)) return undefined;
  // A time in the future proves nothing.
  if (age > safeAge) return undefined;
  return 'its process may still be running; the first clean-up in 10 minutes or later removes it';
}

function isHidden(user: number, { hidden }: Users): boolean {
  if (hidden === 'everybody') return true;
  return 'except' in hidden ? hidden.except !== user : hidden.includes(user);
}
