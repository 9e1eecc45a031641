import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Job } from '@runner-actions/core';

/** The folders of the runner that this job runs on. Source: actions/runner, HostContext.cs. */
export interface RunnerFolders {
  /** `_work`. */
  work: string;
  /** `_work/_temp`, emptied by the runner at the start of each job. */
  temp: string;
  /** `_work/_tool`, or where RUNNER_TOOL_CACHE says. */
  tools: string;
  /** `_work/_actions`, where the runner puts the actions of a job. */
  actions: string;
  /** Where the runner is installed; `undefined` when its files are not found beside `_work` (`--work` may name any folder). */
  root: string | undefined;
}

/** Finds the runner's folders from what it told the job. `exists` is for tests. */
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

/** Whether `path` is `folder` or lies in it, by name only: resolve links before where they matter. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The innermost of the runner's folders that `path` lies in. */
export function runnerFolderOf(path: string, folders: RunnerFolders): keyof RunnerFolders | undefined {
  const order = ['temp', 'tools', 'actions', 'work', 'root'] as const;
  return order.find((name) => {
    const folder = folders[name];
    return folder !== undefined && isInside(path, folder);
  });
}
