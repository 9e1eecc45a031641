import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { realpathSync } from 'node:fs';
import { type Job, UserError } from '@runner-actions/core';
import {
  closeFolder,
  explainFileError,
  type Folder,
  isInside,
  openFolder,
  openInside,
  runnerFolders,
} from '@runner-actions/host';

/** Where the work is done, held open: what a job has put in the place of one of these is not followed. */
export interface Place {
  /** `_work`. Links in the path to it are the machine owner's, and followed. */
  work: Folder;
  /** The repository's folder in it, which holds the workspace under the same name as a rule. */
  repository: Folder;
  workspace: Folder;
}

/** The runner's own folders in `_work`, and ours: no repository's. Source: actions/runner 2.336.0, Constants.cs. */
const own = ['_temp', '_tool', '_actions', '_PipelineMapping', '_update', '.trash', '_runner-actions-cache'];

/**
 * Opens the workspace, two levels below `_work` as the runner makes it. To be closed by `closePlace`.
 * @throws UserError when it is not there, is not what it is said to be, or emptying it could take something else with it
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
  const repositoryFolder = open(() => openInside(workFolder, repository), dirname(given));
  const workspace = open(() => openInside(repositoryFolder, name), given);
  const inside = precious(job).find((path) => isInside(path, workspace.path));
  if (inside === undefined) return { work: workFolder, repository: repositoryFolder, workspace };
  opened.forEach(closeFolder);
  throw refuse(given, `${inside} lies in it`);
}

export function closePlace({ work, repository, workspace }: Place): void {
  [work, repository, workspace].forEach(closeFolder);
}

/** What the runner said, by names alone. */
function locate(job: Job): { given: string; work: string; repository: string; name: string } {
  const { work } = runnerFolders(job);
  const given = resolve(job.workspace);
  const [repository = '', name = '', ...more] = relative(work, given).split(sep);
  if (given === dirname(given)) throw refuse(given, 'it is the root of the file system');
  if (!isInside(given, work)) throw refuse(given, `it is not in the runner's work folder ${work}`);
  if (name === '' || more.length > 0 || own.includes(repository))
    throw refuse(given, `it is not a repository's folder in a folder of ${work}`);
  // A runner's temporary folder says where `_work` is; what has another one must have it there as well.
  const temp = resolve(job.temp);
  if (basename(temp) !== '_temp' && (!isInside(temp, work) || temp === work))
    throw refuse(given, `RUNNER_TEMP ${temp} is not in the same work folder`);
  // By its name: a container may see another path than the runner.
  const said = job.environment['RUNNER_WORKSPACE'];
  if (said && basename(said) !== repository) throw refuse(given, `RUNNER_WORKSPACE is ${said}`);
  return { given, work, repository, name };
}

/** What must not lie in a workspace: as it is named, and where links lead. */
function precious(job: Job): string[] {
  const { temp, tools, actions, root } = runnerFolders(job);
  // A job may have set HOME to another folder for its later steps.
  const homes = [job.environment['HOME'], homedir(), passwordEntryHome()];
  const paths = [...homes, temp, tools, actions, root, process.execPath].filter(
    (path): path is string => path !== undefined && isAbsolute(path),
  );
  return [...paths, ...paths.map(withoutLinks)];
}

/** A user without an entry, as in a container, has none. */
function passwordEntryHome(): string | undefined {
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
    return new UserError(`The workspace ${workspace} is not there, so there is nothing to clean.`);
  const why = explainFileError(code) ?? message;
  return refuse(workspace, path === workspace ? why : `${path}: ${why}`);
}

/** What is not there, or may not be looked at, is what it is called. */
function withoutLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/**
 * Those of `paths` that concern a folder, relative to it: '' when it lies in one of them.
 * @param folder without links
 */
export function protectedPaths(paths: readonly string[], folder: string): string[] {
  return [...new Set([...paths.map((path) => resolve(path)), ...paths.map(withoutLinks)])].flatMap((path) => {
    if (isInside(folder, path)) return [''];
    return isInside(path, folder) ? [relative(folder, path).split(sep).join('/')] : [];
  });
}

function refuse(workspace: string, why: string): UserError {
  return new UserError(
    `The workspace ${workspace} is not emptied: ${why}. Check GITHUB_WORKSPACE and the runner's work folder.`,
  );
}
