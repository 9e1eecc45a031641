import { homedir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import type { Job } from '@runner-actions/core';
import { isInside, runnerFolders } from '@runner-actions/host';

/** Folders that every runner has, each at a place of its own: what lies in them is named by them. */
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

/** A path of the input in full: relative ones from the workspace, `~` for the home directory. */
export function absolutePath(path: string, { workspace, home }: Roots): string {
  const isHome = path.startsWith('~/') || path === '~';
  return resolve(workspace, isHome ? join(home, path.slice(1)) : path);
}

/**
 * The input's paths as they are the same on every machine: `workspace:node_modules`, `home:.npm`, else in full. However they
 * are spelt, and whatever a runner's folders are called, the same things have the same names.
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

/** The innermost of the roots that a path lies in. */
function rootOf(full: string, roots: Roots): keyof Roots | undefined {
  const order = ['workspace', 'temp', 'tool', 'home'] as const;
  return order.find((name) => isInside(full, roots[name]));
}
