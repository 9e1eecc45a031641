import { existsSync, globSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, matchesGlob, relative, resolve } from 'node:path';
import { UserError } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';
import type { Place } from '@runner-actions/store';
import { absolutePath, type Roots } from './roots.ts';

/** Where the paths are, and what may not be replaced. */
export interface Surroundings {
  roots: Roots;
  /** `undefined` where there is no local store. */
  store: string | undefined;
}

const special = /[*?[\]{}]/;

/** A path, and how an entry names it: an agent with other folders finds its own place for it. */
export interface Target {
  path: string;
  place: Place;
}

/**
 * The absolute paths to save: globs are matched against what is there, `!` takes out.
 * @throws UserError for a path whose replacement would take more with it than a cache
 */
export function resolveTargets(paths: readonly string[], around: Surroundings): Target[] {
  const excluded = new Set(
    paths.filter((path) => path.startsWith('!')).flatMap((path) => expand(path.slice(1), around)),
  );
  const all = paths.flatMap((pattern, path) => {
    if (pattern.startsWith('!')) return [];
    const base = baseOf(pattern, around);
    return expand(pattern, around).map((found) => ({
      path: found,
      place: { path, below: relative(base, found) },
    }));
  });
  const targets = all.filter(
    ({ path }, index) => !excluded.has(path) && all.findIndex((other) => other.path === path) === index,
  );
  for (const { path } of targets) refuseDangerous(path, around);
  refuseNested(targets.map(({ path }) => path));
  return targets;
}

/**
 * Where an entry's trees go here. What the globs match now does not matter: the folder may be empty still.
 * @throws Error for a place that is outside what its path names
 */
export function placesToPaths(
  places: readonly Place[],
  paths: readonly string[],
  around: Surroundings,
): string[] {
  return places.map(({ path, below }) => {
    const pattern = paths[path];
    const base = pattern === undefined ? '' : baseOf(pattern, around);
    const target = resolve(base, below);
    const isNamed = special.test(pattern ?? '') ? isInside(target, base) : target === base;
    if (pattern === undefined || !isNamed)
      throw new Error(`The entry has a tree outside of the paths: ${below}`);
    refuseDangerous(target, around);
    return target;
  });
}

/**
 * Which of the paths a file belongs to, and the tree's root in it: for archives that name files only. The outermost folder that
 * a path names is the root. `undefined`: none names it.
 */
export function placeOfFile(
  full: string,
  paths: readonly string[],
  around: Surroundings,
): Target | undefined {
  for (const [path, pattern] of paths.entries()) {
    if (pattern.startsWith('!')) continue;
    const base = baseOf(pattern, around);
    if (!isInside(full, base)) continue;
    if (!special.test(pattern)) return { path: base, place: { path, below: '' } };
    const glob = absolutePath(pattern, around.roots);
    const parts = relative(base, full).split('/');
    for (const index of parts.keys()) {
      const root = join(base, ...parts.slice(0, index + 1));
      if (matchesGlob(root, glob)) return { path: root, place: { path, below: relative(base, root) } };
    }
  }
  return undefined;
}

/** The path as far as it has no glob, in full. */
function baseOf(pattern: string, { roots }: Surroundings): string {
  const parts = absolutePath(pattern, roots).split(/[\\/]/);
  const first = parts.findIndex((part) => special.test(part));
  return special.test(pattern) && first !== -1 ? parts.slice(0, first).join('/') || '/' : parts.join('/');
}

function expand(pattern: string, { roots }: Surroundings): string[] {
  const full = absolutePath(pattern, roots);
  return special.test(pattern) ? globSync(full).sort() : [full];
}

function refuseNested(paths: readonly string[]): void {
  const nested = paths.find((path) => paths.some((other) => other !== path && isInside(path, other)));
  if (nested !== undefined)
    throw new UserError(`Input 'path' has ${nested} twice: it lies in another of the paths.`);
}

function refuseDangerous(target: string, { roots, store }: Surroundings): void {
  const precious = [roots.workspace, roots.home, store, join(roots.workspace, '.git')].filter(
    (path) => path !== undefined,
  );
  const held = precious.find((path) => isInside(path, target));
  const inGit =
    isInside(target, join(roots.workspace, '.git')) || (store !== undefined && isInside(target, store));
  if (dirname(target) !== target && held === undefined && !inGit) return;
  throw new UserError(
    `Input 'path' has ${target}, which is or holds ${held ?? 'what must stay'}. Name what the job itself makes.`,
  );
}

/** What can be saved of the targets: what is there, and is not behind a link that the job put in place. */
export function existing(
  targets: readonly Target[],
  workspace: string,
): { there: Target[]; links: string[] } {
  const isLink = ({ path }: Target) =>
    lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true || leadsOut(path, workspace);
  const links = targets.filter(isLink);
  return {
    there: targets.filter((target) => existsSync(target.path) && !links.includes(target)),
    links: links.map(({ path }) => path),
  };
}

/** Whether a path in the workspace goes through a link to somewhere outside it. */
export function leadsOut(path: string, workspace: string): boolean {
  if (!isInside(path, workspace)) return false;
  let folder = dirname(path);
  while (!existsSync(folder) && isInside(folder, workspace)) folder = dirname(folder);
  return existsSync(workspace) && !isInside(realpathSync(folder), realpathSync(workspace));
}

/** Whether something is there that a restore would replace. */
export function isOccupied(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (!stats.isDirectory() || readdirSync(path).length > 0);
}
