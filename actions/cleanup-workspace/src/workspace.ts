import { homedir } from 'node:os';
import { dirname, relative, resolve, sep } from 'node:path';
import { existsSync, realpathSync } from 'node:fs';
import { type Job, UserError } from '@runner-actions/core';
import { isInside, runnerFolders } from '@runner-actions/host';

/** Where the work is done: links resolved once, and judged safe to empty. */
export interface Place {
  workspace: string;
  /** On the same file system as a rule, beside the folders of repositories. */
  trash: string;
}

/** @throws UserError when emptying the workspace could take something else with it */
export function findWorkspace(job: Job): Place {
  const folders = runnerFolders(job);
  const given = resolve(job.workspace);
  if (!existsSync(given))
    throw new UserError(`The workspace ${given} is not there, so there is nothing to clean.`);
  const workspace = realpathSync(given);
  const work = realpathSync(folders.work);
  const home = job.environment['HOME'] || homedir();
  const precious = [home, folders.temp, folders.tools, folders.actions, folders.root].filter(
    (path) => path !== undefined,
  );
  const inside = precious.find((path) => isInside(path, workspace));
  if (workspace === dirname(workspace) || inside !== undefined) {
    throw refuse(
      workspace,
      inside === undefined ? 'it is the root of the file system' : `${inside} lies in it`,
    );
  }
  if (!isInside(workspace, work) || workspace === work)
    throw refuse(workspace, `it is not in the runner's work folder ${work}`);
  return { workspace, trash: resolve(work, '.trash') };
}

/** Those of `paths` that concern the workspace, relative to it: '' when it lies in one of them. */
export function protectedPaths(paths: readonly string[], workspace: string): string[] {
  const real = paths.map((path) => (existsSync(path) ? realpathSync(path) : resolve(path)));
  return [...new Set([...paths.map((path) => resolve(path)), ...real])].flatMap((path) => {
    if (isInside(workspace, path)) return [''];
    return isInside(path, workspace) ? [relative(workspace, path).split(sep).join('/')] : [];
  });
}

function refuse(workspace: string, why: string): UserError {
  return new UserError(
    `The workspace ${workspace} is not emptied: ${why}. Check GITHUB_WORKSPACE and the runner's work folder.`,
  );
}
