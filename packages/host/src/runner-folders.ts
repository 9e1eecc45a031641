import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Job } from '@runner-actions/core';

/** The folders of this job's runner. Source: actions/runner, HostContext.cs. */
export interface RunnerFolders {
  /** `_work`. */
  work: string;
  /** `_work/_temp`. The runner empties it at the start of each job. */
  temp: string;
  /** RUNNER_TOOL_CACHE; default: `_work/_tool`. */
  tools: string;
  /** `_work/_actions`, where the runner stores the actions of a job. */
  actions: string;
  /**
   * The folder where the runner is installed; `undefined` if its files are not next to `_work` (`--work` may name any
   * folder).
   */
  root: string | undefined;
}

/** Finds the runner's folders from the paths that it passes to the job. `exists` is for tests. */
export function runnerFolders(
  job: Pick<Job, 'temp' | 'workspace' | 'toolCache'>,
  exists: (path: string) => boolean = existsSync,
): RunnerFolders {
  const temp = resolve(job.temp);
  const work = basename(temp) === '_temp' ? dirname(temp) : dirname(dirname(resolve(job.workspace)));
  const root = dirname(work);
  const installed = ['.runner', join('bin', 'Runner.Listener'), 'config.sh', 'config.cmd'];
  return {
    work,
    temp,
    tools: resolve(job.toolCache ?? join(work, '_tool')),
    actions: join(work, '_actions'),
    root: installed.some((name) => exists(join(root, name))) ? root : undefined,
  };
}

/** Returns whether `path` is `folder` or is inside it. Compares names only: resolve links first if they matter. */
export function isInside(path: string, folder: string): boolean {
  const difference = relative(resolve(folder), resolve(path));
  return (
    difference === '' ||
    (difference !== '..' && !difference.startsWith(`..${sep}`) && !isAbsolute(difference))
  );
}

/** Returns the innermost of the runner's folders that contains `path`. */
export function runnerFolderOf(path: string, folders: RunnerFolders): keyof RunnerFolders | undefined {
  const order = ['temp', 'tools', 'actions', 'work', 'root'] as const;
  return order.find((name) => {
    const folder = folders[name];
    return folder !== undefined && isInside(path, folder);
  });
}
