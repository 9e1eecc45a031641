import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { type Job, UserError } from '@runner-actions/core';
import {
  closeFolder,
  explainFileError,
  type Folder,
  foldName,
  isInside,
  isUnknown,
  listFolder,
  localPathOf,
  openFolder,
  openInside,
  otherPathOf,
  readMounts,
  runnerFolders,
} from '@runner-actions/host';

/** The folder of a clean-up without a job. */
export interface WorkFolder {
  /** `_work`, held open. Links in its path belong to the machine's owner and are followed. */
  work: Folder;
}

/**
 * The folders of the clean-up of a job. They are held open, so that a link that a job puts in the place of one of them is not
 * followed.
 */
export interface Place extends WorkFolder {
  /** The repository's folder in `_work`. It contains the workspace, usually with the same name. */
  repository: Folder;
  workspace: Folder;
}

/**
 * Folders in `_work` that belong to the runner or to Runner Actions, not to a repository. Source: actions/runner
 * 2.336.0, Constants.cs.
 */
export const reservedFolders: readonly string[] = [
  '_temp',
  '_tool',
  '_actions',
  '_PipelineMapping',
  '_update',
  '.trash',
  '_runner-actions-cache',
  '_runner-actions-checks',
];

/**
 * Opens the workspace. It must be two levels below `_work`, where the runner creates it. Close it with `closePlace`.
 * @throws UserError if it does not exist or is not a real folder, or if to empty it could remove something else
 */
export function openPlace(job: Job): Place {
  const { given, work, repository, name } = locate(job);
  const opened: Folder[] = [];
  const open = (step: () => Folder, path: string): Folder => {
    try {
      opened.push(step());
    } catch (error) {
      opened.forEach(closeFolder);
      throw explainRefusal(given, path, error as NodeJS.ErrnoException);
    }
    return opened.at(-1) as Folder;
  };
  const workFolder = open(() => openFolder(work), work);
  // Each of the two may be a mount itself. What is mounted below the workspace is never entered.
  const repositoryFolder = open(() => openInside(workFolder, repository, true), dirname(given));
  const workspace = open(() => openInside(repositoryFolder, name, true), given);
  const place = { work: workFolder, repository: repositoryFolder, workspace };
  const inside = forbiddenInside(job, work).find((path) => isInside(path, workspace.path));
  const source = sourceOf(place);
  if (inside === undefined && source === undefined) return place;
  opened.forEach(closeFolder);
  throw refuse(given, inside === undefined ? `a mount shows ${source} there` : `${inside} lies in it`);
}

/** Returns whether the workspace is on another mount than `_work`, so that nothing can be moved to the trash. */
export const isMount = ({ work, workspace }: Place): boolean =>
  work.handle?.mount !== workspace.handle?.mount;

/** Returns whether the workspace has an entry `.git`. Does not ask the entry, which may be on a file system that hangs. */
export const hasGit = ({ workspace }: Place): boolean =>
  listFolder(workspace).some(({ name }) => name === '.git');

/** Returns whether there is a trash. Does not ask it, as `hasGit`. */
export const hasTrash = ({ work }: WorkFolder): boolean =>
  listFolder(work).some(({ name }) => name === '.trash');

export function closePlace({ work, repository, workspace }: Place): void {
  [work, repository, workspace].forEach(closeFolder);
}

/** Finds and checks the paths from the runner's variables. Compares names only. */
function locate(job: Job): { given: string; work: string; repository: string; name: string } {
  const { work } = runnerFolders(job);
  const given = resolve(job.workspace);
  const [repository = '', name = '', ...more] = relative(work, given).split(sep);
  if (given === dirname(given)) throw refuse(given, 'it is the root of the file system');
  if (!isInside(given, work)) throw refuse(given, `it is not in the runner's work folder ${work}`);
  if (name === '' || more.length > 0 || reservedFolders.includes(repository))
    throw refuse(given, `it is not a repository's folder in a folder of ${work}`);
  // The runner's temp folder `_temp` shows where `_work` is. A temp folder with another name must also be in the work
  // folder.
  const temp = resolve(job.temp);
  if (basename(temp) !== '_temp' && (!isInside(temp, work) || temp === work))
    throw refuse(given, `RUNNER_TEMP ${temp} is not in the same work folder`);
  // Compare only the name: in a container the path may differ from the runner's.
  const runnerWorkspace = job.environment['RUNNER_WORKSPACE'];
  if (runnerWorkspace && basename(runnerWorkspace) !== repository)
    throw refuse(given, `RUNNER_WORKSPACE is ${runnerWorkspace}`);
  return { given, work, repository, name };
}

/** Returns the paths that must not be inside a workspace, as they are written and with links resolved. */
function forbiddenInside(job: Job, work: string): string[] {
  const { temp, tools, actions, root } = runnerFolders(job);
  // A job may have set HOME to another folder for its later steps.
  const homes = [job.environment['HOME'], homedir(), passwordEntryHome()];
  const paths = [...homes, temp, tools, actions, root, process.execPath].filter(
    (path): path is string => path !== undefined && isAbsolute(path),
  );
  return [...paths, ...paths.map((path) => localPathOf(path, work))];
}

/**
 * Returns another path of a workspace that is a mount; `undefined` if it has none. The files at that path belong to
 * somebody else, such as another repository or the user whose home is mounted there.
 */
function sourceOf(place: Place): string | undefined {
  if (!isMount(place)) return undefined;
  const mounts = readMounts();
  return isUnknown(mounts) ? undefined : otherPathOf(place.workspace.path, mounts);
}

/** Returns the home of the user's password entry; `undefined` without an entry, as in a container. */
export function passwordEntryHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

function explainRefusal(
  workspace: string,
  path: string,
  { code, message }: NodeJS.ErrnoException,
): UserError {
  if (code === 'ENOENT')
    return new UserError(`The workspace ${workspace} does not exist, so there is nothing to clean.`);
  const why = explainFileError(code) ?? message;
  return refuse(workspace, path === workspace ? why : `${path}: ${why}`);
}

/**
 * Returns the paths that affect a folder, relative to it; '' if the folder itself is inside one of them.
 * @param folder without links
 */
export function protectedPaths(
  paths: readonly string[],
  folder: string,
  platform = process.platform,
): string[] {
  const local = paths.map((path) => localPathOf(path, folder));
  const fold = (path: string) => foldName(path, platform);
  return [...new Set([...paths.map((path) => resolve(path)), ...local])].flatMap((path) => {
    if (isInside(fold(folder), fold(path))) return [''];
    if (!isInside(fold(path), fold(folder))) return [];
    return [path.split(sep).slice(resolve(folder).split(sep).length).join('/')];
  });
}

function refuse(workspace: string, why: string): UserError {
  return new UserError(
    `The workspace ${workspace} is not emptied: ${why}. Check GITHUB_WORKSPACE and the runner's work folder.`,
  );
}
