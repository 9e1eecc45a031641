import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '@runner-actions/core';
import { isInside, realPathOf, relationOf, systemFolderOf } from '@runner-actions/host';
import type { TreePlace } from '@runner-actions/store';
import { baseOfGlob, expandGlob, matches, globMountPredicate } from './globs.ts';
import type { Roots } from './runner-roots.ts';

/** What paths are resolved against, and what they may not replace. */
export interface PathContext {
  roots: Roots;
  /** The root of the local store. `undefined`: there is none. */
  store: string | undefined;
}

/** A path on this machine and its portable place. A runner with other folders finds its own path for the place. */
export interface Target {
  path: string;
  place: TreePlace;
}

/**
 * Returns the absolute paths to save. Globs are matched against existing files, `!` excludes. A path inside another
 * one is left out, because it is saved with that one.
 * @param onMountPoint receives each mount point that a glob matches or would have to enter
 * @throws UserError for a path whose replacement would destroy more than a cache
 */
export function resolveTargets(
  paths: readonly string[],
  context: PathContext,
  onMountPoint?: (path: string) => void,
): Target[] {
  const { roots } = context;
  const seen = new Set<string>();
  const targets = paths.flatMap((pattern, path) => {
    if (pattern.startsWith('!')) return [];
    const base = baseOfGlob(pattern, roots);
    return expandGlob(pattern, roots, onMountPoint)
      .filter((found) => !isExcluded(found, paths, roots) && !seen.has(found) && seen.add(found))
      .map((found) => ({ path: found, place: { path, below: relative(base, found) } }));
  });
  refuseDangerousTargets(
    targets.map(({ path }) => path),
    context,
  );
  return outermost(targets);
}

function isExcluded(full: string, paths: readonly string[], roots: Roots): boolean {
  return paths.some((path) => path.startsWith('!') && matches(full, path.slice(1), roots));
}

/**
 * Returns the paths on this machine for the trees of an entry. Existing files do not matter: the target may still be
 * empty.
 * @throws Error for a place that no path matches, that is inside another place, or that a glob reaches only through a
 * mount point: such an entry is not trusted
 * @throws UserError for a path whose replacement would destroy more than a cache
 */
export function placesToPaths(
  places: readonly TreePlace[],
  paths: readonly string[],
  context: PathContext,
): string[] {
  // Read the mounts once for each glob, which may match thousands of places.
  const crossesMount = paths.map((pattern) => globMountPredicate(pattern, context.roots));
  const targets = places.map(({ path, below }) => {
    const pattern = paths[path];
    const target = pattern === undefined ? '' : resolve(baseOfGlob(pattern, context.roots), below);
    const isNamed =
      pattern !== undefined && !pattern.startsWith('!') && matches(target, pattern, context.roots);
    if (!isNamed || isExcluded(target, paths, context.roots))
      throw new Error(`The entry has a tree outside of the paths: ${below}`);
    if (crossesMount[path]?.(target) === true)
      throw new Error(`The entry has a tree where something is mounted: ${below}`);
    return target;
  });
  refuseDangerousTargets(targets, context);
  const nested = firstNested(targets);
  if (nested !== undefined) throw new Error(`The entry has a tree within another: ${nested}`);
  return targets;
}

/**
 * Returns the tree that a file belongs to, for archives that list only files. The root of the tree is the outermost
 * folder that a path of the input matches. `undefined`: no path matches it.
 */
export function placeOfFile(
  full: string,
  paths: readonly string[],
  { roots }: PathContext,
): Target | undefined {
  const named = paths.flatMap((pattern, path): Target[] => {
    const root = pattern.startsWith('!') ? undefined : outermostNamed(full, pattern, roots);
    return root === undefined
      ? []
      : [{ path: root, place: { path, below: relative(baseOfGlob(pattern, roots), root) } }];
  });
  return named.toSorted((one, other) => one.path.length - other.path.length)[0];
}

/** Returns the outermost of a file and its parent folders that a path of the input matches. */
function outermostNamed(full: string, pattern: string, roots: Roots): string | undefined {
  const base = baseOfGlob(pattern, roots);
  if (!isInside(full, base)) return undefined;
  const parts = relative(base, full).split(sep);
  const context = [base, ...parts.map((_part, index) => join(base, ...parts.slice(0, index + 1)))];
  return context.find((folder) => matches(folder, pattern, roots));
}

/** Returns the targets that are not inside another target. */
function outermost(targets: readonly Target[]): Target[] {
  const outer: Target[] = [];
  for (const target of targets.toSorted((one, other) =>
    sortKeyOf(one.path) < sortKeyOf(other.path) ? -1 : 1,
  )) {
    const last = outer.at(-1);
    if (last === undefined || !isInside(target.path, last.path)) outer.push(target);
  }
  return targets.filter((target) => outer.includes(target));
}

/** Returns a sort key: in this order, the content of a folder directly follows the folder. */
function sortKeyOf(path: string): string {
  return path.replaceAll(sep, '\0');
}

/** Returns a path that is inside another one or appears twice. */
function firstNested(paths: readonly string[]): string | undefined {
  const sorted = paths.toSorted((one, other) => (sortKeyOf(one) < sortKeyOf(other) ? -1 : 1));
  return sorted.find((path, index) => index > 0 && isInside(path, sorted[index - 1] as string));
}

/** Folders in `.git` that contain fetched data, not the repository itself. Teams cache them. */
const cacheableGitFolders = ['lfs', 'modules'];

/**
 * Refuses dangerous targets, by their names and by where symlinks lead.
 * @throws UserError for the first one whose replacement would destroy more than a cache, or that may contain keys
 */
function refuseDangerousTargets(targets: readonly string[], context: PathContext): void {
  const known = protectedFolders(context);
  for (const target of targets) {
    const why = reasonProtected(target, known) ?? reasonSystemFolder(target, context.roots);
    if (why !== undefined)
      throw new UserError(
        `Input 'path' has ${target}, which ${why}. Use only paths that the job itself creates.`,
      );
  }
}

interface ProtectedFolder {
  what: string;
  path: string;
  real: string;
  /** Folders in it that may be cached. `undefined`: all may. */
  cacheable: string[] | undefined;
}

function protectedFolders({ roots: { workspace, home }, store }: PathContext): ProtectedFolder[] {
  const git = join(workspace, '.git');
  const data = cacheableGitFolders.map((name) => join(git, name));
  const all: [what: string, path: string | undefined, cacheable?: string[]][] = [
    ['the workspace', workspace],
    ['the home directory', home],
    ["the action's store", store, []],
    ["the checkout's Git data", git, data],
  ];
  return all.flatMap(([what, path, cacheable]) =>
    path === undefined ? [] : [{ what, path, real: realPathOf(path), cacheable }],
  );
}

function reasonProtected(target: string, known: readonly ProtectedFolder[]): string | undefined {
  const spellings = [target, realPathOf(target)];
  const found = known.find(
    ({ path, real, cacheable }) =>
      spellings.some((spelling) => isInside(path, spelling) || isInside(real, spelling)) ||
      (cacheable !== undefined &&
        isInside(target, path) &&
        !cacheable.some((folder) => isInside(target, folder))),
  );
  return found && `${relationOf(realPathOf(target), found.real)} ${found.what}, ${found.path}`;
}

/** In the workspace, the job may use any folder name. */
function reasonSystemFolder(target: string, { workspace, home }: Roots): string | undefined {
  return isInside(target, workspace) ? undefined : systemFolderOf(target, home);
}

/**
 * Sorts the targets: `existing` can be saved; `links` are symlinks or are behind one that leads out of the workspace;
 * `missing` do not exist.
 */
export function classifyTargets(
  targets: readonly Target[],
  workspace: string,
): { existing: Target[]; links: string[]; missing: string[] } {
  const links = targets.filter(({ path }) => isLink(path) || linksOutOfWorkspace(path, workspace));
  const others = targets.filter((target) => !links.includes(target));
  const [existing, missing] = [true, false].map((is) => others.filter(({ path }) => existsSync(path) === is));
  const paths = (some: readonly Target[] = []): string[] => some.map(({ path }) => path);
  return { existing: existing ?? [], links: paths(links), missing: paths(missing) };
}

export function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** Returns whether a symlink leads into the store: `mode: symlink` created it. */
export function linksIntoStore(path: string, store: string | undefined): boolean {
  return store !== undefined && isInside(realPathOf(path), realPathOf(store));
}

/** Returns whether a path in the workspace passes through a symlink that leads out of it. */
export function linksOutOfWorkspace(path: string, workspace: string): boolean {
  if (!isInside(path, workspace)) return false;
  let folder = dirname(path);
  while (!existsSync(folder) && isInside(folder, workspace)) folder = dirname(folder);
  return existsSync(workspace) && !isInside(realpathSync(folder), realpathSync(workspace));
}

/** Returns whether a restore would replace something. */
export function isOccupied(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (!stats.isDirectory() || readdirSync(path).length > 0);
}
