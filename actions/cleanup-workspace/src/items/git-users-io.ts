import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { quote, readSmallFile } from '@runner-actions/core';
import {
  type Folder,
  isInFirstPidNamespace,
  isInside,
  isUnknown,
  type HostProcess,
  listProcesses,
  localPathOf,
  readInside,
  readKernelStart,
  readProcess,
} from '@runner-actions/host';
import type { Users } from './kept-git.ts';

/** Git's own limit for a `gc.pid`. Source: git, builtin/gc.c, `lock_repo_for_gc`. */
const gcAge = 12 * 3_600_000;

/**
 * Finds the processes that use a workspace's `.git`: git in a folder of the workspace, and any process with an open
 * file in `.git`. On systems other than Linux, nothing is known.
 */
export function findUsers(workspace: Folder): Users {
  const processes = listProcesses();
  if (isUnknown(processes)) return { running: [], hidden: 'everybody' };
  // A system that hides processes of other users hides the first process too.
  const hides = !processes.some(({ pid }) => pid === 1);
  if (hides && !isInFirstPidNamespace()) return { running: [], hidden: 'everybody' };
  const own = [process.pid, process.ppid];
  const [running, hidden] = [[] as string[], new Set<number>()];
  for (const found of processes) {
    if (own.includes(found.pid) || found.zombie) continue;
    const uses = usesGit(found, workspace.path);
    if (uses === true) running.push(describe(found));
    else if (uses === undefined) hidden.add(found.user);
  }
  return { running, hidden: hiddenUsers(hides, [...hidden], process.geteuid?.() ?? -1) };
}

/**
 * Returns the users with git processes that are not visible.
 * @param hides whether the system shows only the processes of this user
 * @param unclear users with a visible git process that this user may not look into
 */
export function hiddenUsers(hides: boolean, unclear: readonly number[], self: number): Users['hidden'] {
  if (!hides) return unclear;
  return unclear.includes(self) ? 'everybody' : { except: self };
}

/** @returns `undefined` for a git process that may use the repository although nothing shows it */
function usesGit({ pid, command }: HostProcess, workspace: string): boolean | undefined {
  const isGit = /^(?:\S*\/)?git(?:-\S+|\.exe)?(?:\s|$)/.test(command);
  const folder = `/proc/${pid}`;
  try {
    const directory = isGit ? readlinkSync(`${folder}/cwd`) : undefined;
    if (directory !== undefined && isInside(directory, workspace)) return true;
    const within = `${join(workspace, '.git')}/`;
    const holds = readdirSync(`${folder}/fd`).some(
      (fd) => linkOf(`${folder}/fd/${fd}`)?.startsWith(within) === true,
    );
    if (holds || directory === undefined) return holds;
    // In a container, the same folder may have another path.
    const isElsewhere = linkOf(`${folder}/ns/mnt`) !== linkOf('/proc/self/ns/mnt');
    if (isElsewhere) return undefined;
    const repository = join(workspace, '.git');
    const isNamed = namedRepositories(folder, directory, workspace).some((path) =>
      isInside(path, repository),
    );
    return isNamed || worksOn(directory, repository);
  } catch (error) {
    const hasEnded = ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
    return isGit && !hasEnded ? undefined : false;
  }
}

/** Characters of the arguments or variables of a process that are read. */
const maxText = 1 << 20;

/** Returns the repositories that the option `--git-dir` or the variable GIT_DIR of a process names, without links. */
function namedRepositories(folder: string, directory: string, workspace: string): string[] {
  const read = (name: string) => (readKernelStart({}, `${folder}/${name}`, maxText) ?? '').split('\0');
  const valueOf = (text: string, start: string) => (text.startsWith(start) ? [text.slice(start.length)] : []);
  const options = read('cmdline').flatMap((option, index, all) =>
    option === '--git-dir' ? all.slice(index + 1, index + 2) : valueOf(option, '--git-dir='),
  );
  const variables = read('environ').flatMap((variable) => valueOf(variable, 'GIT_DIR='));
  return [...options, ...variables].map((path) => localPathOf(resolve(directory, path), workspace));
}

/**
 * Returns whether git works on a repository when it runs in a folder, such as a linked worktree: it looks for `.git`
 * from there upwards.
 */
function worksOn(folder: string, repository: string): boolean {
  for (let above = folder; ; above = dirname(above)) {
    const entry = lstatSync(join(above, '.git'), { throwIfNoEntry: false });
    if (entry?.isDirectory() === true) return false;
    const link = entry?.isFile() === true ? readSmallFile(join(above, '.git'), 4096) : undefined;
    const target = /^gitdir: (.+)/.exec(link ?? '')?.[1];
    if (target !== undefined) return isInside(resolve(above, target), repository);
    if (above === dirname(above)) return false;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Adds the process that a repository's `gc.pid` names, if it is alive. A process of another machine or container is
 * unknown, unless it has had more time than git grants it.
 */
export function withCollector(users: Users, repository: Folder): Users {
  try {
    const { bytes, state } = readInside(repository, 'gc.pid', 4096);
    const [, pid, host] = /^(\d{1,10}) (\S+)/.exec(bytes.toString('latin1')) ?? [];
    if (pid === undefined || Date.now() - state.modified > gcAge) return users;
    if (host !== hostname()) return { ...users, hidden: 'everybody' };
    if (!isAlive(Number(pid))) return users;
    const found = readProcess(Number(pid));
    // The system may have given the pid to another process.
    if (found !== undefined && !/\bgit\b/.test(found.command)) return users;
    return { ...users, running: [...users.running, `git gc (process ${pid})`] };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? users : { ...users, hidden: 'everybody' };
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Names a process without its arguments, which may contain secrets. */
const describe = ({ pid, command }: HostProcess): string =>
  `${quote(basename(command.split(' ', 1)[0] ?? ''))} (process ${pid})`;
