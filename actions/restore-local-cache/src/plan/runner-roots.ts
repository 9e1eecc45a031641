import { homedir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import type { Job } from '@runner-actions/core';
import { isInside, runnerFolders } from '@runner-actions/host';

/** Folders that every runner has, at different paths. Portable names start with one of them. */
export interface Roots {
  workspace: string;
  temp: string;
  tool: string;
  home: string;
}

export function runnerRoots(job: Job): Roots {
  const { temp, tools } = runnerFolders(job);
  return { workspace: resolve(job.workspace), temp, tool: tools, home: job.environment['HOME'] ?? homedir() };
}

/**
 * Returns the absolute path for a path of the input. Relative paths start at the workspace, `~` is the home directory.
 */
export function absolutePath(path: string, { workspace, home }: Roots): string {
  const isHome = path.startsWith('~/') || path === '~';
  return resolve(workspace, isHome ? join(home, path.slice(1)) : path);
}

/**
 * Returns names for the paths that are the same on every machine: `workspace:node_modules`, `home:.npm`, otherwise the
 * absolute path. The spelling of a path and the location of the runner's folders do not change its name.
 */
export function portablePathNames(paths: readonly string[], roots: Roots): string[] {
  return paths.map((path) => {
    const excluded = path.startsWith('!');
    const full = absolutePath(excluded ? path.slice(1) : path, roots);
    const root = rootOf(full, roots);
    const name = root === undefined ? full : `${root}:${relative(roots[root], full)}`;
    return (excluded ? '!' : '') + name.split(sep).join('/');
  });
}

/** Returns the innermost root that contains a path. */
function rootOf(full: string, roots: Roots): keyof Roots | undefined {
  const order = ['workspace', 'temp', 'tool', 'home'] as const;
  return order.find((name) => isInside(full, roots[name]));
}
