import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '@runner-actions/core';
import { isInside, realPlace, relationOf, systemFolderOf } from '@runner-actions/host';
import type { Place } from '@runner-actions/store';
import { baseOfGlob, expandGlob, matches, globMountPredicate } from './globs.ts';
import type { Roots } from './runner-roots.ts';

/** Where the paths are, and what may not be replaced. */
export interface PathContext {
  roots: Roots;
  /** `undefined` where there is no local store. */
  store: string | undefined;
}

/** A path, and how an entry names it: an agent with other folders finds its own place for it. */
export interface Target {
  path: string;
  place: Place;
}

/**
 * The absolute paths to save: globs are matched against what is there, `!` takes out; what lies in another of them comes with
 * that one.
 * @param onMountPoint takes where something is mounted that a glob might find, or might find something in
 * @throws UserError for a path whose replacement would take more with it than a cache
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
 * Where an entry's trees go here. What the globs match now does not matter: the folder may be empty still.
 * @throws Error for a place that none of the paths names, that lies in another, or where a glob would lead into what is mounted:
 * what puts it there is not to be trusted
 */
export function placesToPaths(
  places: readonly Place[],
  paths: readonly string[],
  context: PathContext,
): string[] {
  // One look at what is mounted for each glob, which may name thousands of places.
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
 * Which of the paths a file belongs to, and the tree's root in it: for archives that name files only. The outermost folder that
 * one of the paths names is the root. `undefined`: none names it.
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

/** Of a file and the folders context it, the outermost that a path of the input names. */
function outermostNamed(full: string, pattern: string, roots: Roots): string | undefined {
  const base = baseOfGlob(pattern, roots);
  if (!isInside(full, base)) return undefined;
  const parts = relative(base, full).split(sep);
  const context = [base, ...parts.map((_part, index) => join(base, ...parts.slice(0, index + 1)))];
  return context.find((folder) => matches(folder, pattern, roots));
}

/** Those that lie in no other. */
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

/** In this order, what lies in a folder comes right after it. */
function sortKeyOf(path: string): string {
  return path.replaceAll(sep, '\0');
}

/** One that lies in another, or comes twice. */
function firstNested(paths: readonly string[]): string | undefined {
  const sorted = paths.toSorted((one, other) => (sortKeyOf(one) < sortKeyOf(other) ? -1 : 1));
  return sorted.find((path, index) => index > 0 && isInside(path, sorted[index - 1] as string));
}

/** What Git fetches beside a repository's own objects, and teams cache. */
const cacheableGitFolders = ['lfs', 'modules'];

/**
 * By their names and by where links lead.
 * @throws UserError for the first whose replacement would take more with it than a cache, or that may hold keys
 */
function refuseDangerousTargets(targets: readonly string[], context: PathContext): void {
  const known = protectedFolders(context);
  for (const target of targets) {
    const why = reasonProtected(target, known) ?? reasonSystemFolder(target, context.roots);
    if (why !== undefined)
      throw new UserError(`Input 'path' has ${target}, which ${why}. Name what the job itself makes.`);
  }
}

interface ProtectedFolder {
  what: string;
  path: string;
  real: string;
  /** What in it may be cached; `undefined`: all. */
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
    path === undefined ? [] : [{ what, path, real: realPlace(path), cacheable }],
  );
}

function reasonProtected(target: string, known: readonly ProtectedFolder[]): string | undefined {
  const ways = [target, realPlace(target)];
  const found = known.find(
    ({ path, real, cacheable }) =>
      ways.some((way) => isInside(path, way) || isInside(real, way)) ||
      (cacheable !== undefined &&
        isInside(target, path) &&
        !cacheable.some((folder) => isInside(target, folder))),
  );
  return found && `${relationOf(realPlace(target), found.real)} ${found.what}, ${found.path}`;
}

/** In the workspace, a folder of any name is the job's own business. */
function reasonSystemFolder(target: string, { workspace, home }: Roots): string | undefined {
  return isInside(target, workspace) ? undefined : systemFolderOf(target, home);
}

/** Which of the targets can be saved: what is there, and is no link nor behind one that leads out of the workspace. */
export function classifyTargets(
  targets: readonly Target[],
  workspace: string,
): { there: Target[]; links: string[]; missing: string[] } {
  const links = targets.filter(({ path }) => isLink(path) || linksOutOfWorkspace(path, workspace));
  const others = targets.filter((target) => !links.includes(target));
  const [there, missing] = [true, false].map((is) => others.filter(({ path }) => existsSync(path) === is));
  const paths = (some: readonly Target[] = []): string[] => some.map(({ path }) => path);
  return { there: there ?? [], links: paths(links), missing: paths(missing) };
}

export function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** Whether a link leads into the store: one that `mode: symlink` made. */
export function linksIntoStore(path: string, store: string | undefined): boolean {
  return store !== undefined && isInside(realPlace(path), realPlace(store));
}

/** Whether a path in the workspace goes through a link to somewhere outside it. */
export function linksOutOfWorkspace(path: string, workspace: string): boolean {
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
