import { existsSync, globSync, lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';

/** Where the paths are, and what may not be replaced. */
export interface Surroundings {
  workspace: string;
  home: string | undefined;
  /** `undefined` where there is no local store. */
  store: string | undefined;
}

const special = /[*?[\]{}]/;

/**
 * The absolute paths to save: globs are matched against what is there, `!` takes out. Paths without a glob come as they
 * are, so that a restore and a save agree on them in order.
 * @throws UserError for a path whose replacement would take more with it than a cache
 */
export function resolveTargets(paths: readonly string[], around: Surroundings): string[] {
  const included = paths.filter((path) => !path.startsWith('!'));
  const excluded = new Set(
    paths.filter((path) => path.startsWith('!')).flatMap((path) => expand(path.slice(1), around)),
  );
  const targets = included.flatMap((path) => expand(path, around)).filter((path) => !excluded.has(path));
  const unique = [...new Set(targets)];
  for (const target of unique) refuseDangerous(target, around);
  const nested = unique.find((target) => unique.some((other) => other !== target && isInside(target, other)));
  if (nested !== undefined)
    throw new UserError(`Input 'path' has ${nested} twice: it lies in another of the paths.`);
  return unique;
}

function expand(path: string, { workspace, home }: Surroundings): string[] {
  const expanded = path.startsWith('~/') || path === '~' ? join(home ?? homedir(), path.slice(1)) : path;
  const absolute = resolve(workspace, expanded);
  return special.test(expanded) ? globSync(absolute).sort() : [absolute];
}

function refuseDangerous(target: string, { workspace, home, store }: Surroundings): void {
  const precious = [workspace, home ?? homedir(), store, join(workspace, '.git')].filter(
    (path) => path !== undefined,
  );
  const held = precious.find((path) => isInside(path, target));
  const inGit = isInside(target, join(workspace, '.git')) || (store !== undefined && isInside(target, store));
  if (dirname(target) !== target && held === undefined && !inGit) return;
  throw new UserError(
    `Input 'path' has ${target}, which is or holds ${held ?? 'what must stay'}. Name what the job itself makes.`,
  );
}

/** What can be saved of the targets: what is there, and is not a link that the job put in place. */
export function existing(targets: readonly string[]): { there: string[]; links: string[] } {
  const links = targets.filter(
    (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true,
  );
  return { there: targets.filter((path) => existsSync(path) && !links.includes(path)), links };
}
