import { type Dirent, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Minimatch } from 'minimatch';
import { isInside, realPathOf } from '@runner-actions/host';
import { absolutePath, type Roots } from './runner-roots.ts';
import { mountPointPredicate } from './mount-points.ts';

const globCharacters = /[*?[]/;

/**
 * The options of `@actions/glob`, which `actions/cache` uses: globs match names that start with a dot; braces and `!`
 * are literal. Source: its `internal-pattern.ts`.
 */
const matchOptions = { dot: true, nobrace: true, nocomment: true, noext: true, nonegate: true } as const;
const platformOptions = { ...matchOptions, nocase: process.platform === 'win32' };

interface Glob {
  /** The part of the path before the first glob character, as an absolute path. */
  base: string;
  /** The rest of the path. `undefined`: the path contains no glob. */
  rest: Minimatch | undefined;
}

/** A cache: each path of the input is compared with every file that it might match. */
const parsed = new Map<string, Glob>();

function parseCached(pattern: string, roots: Roots): Glob {
  const name = JSON.stringify([pattern, roots.workspace, roots.home]);
  const known = parsed.get(name) ?? parseGlob(pattern, roots);
  parsed.set(name, known);
  return known;
}

function parseGlob(pattern: string, roots: Roots): Glob {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => globCharacters.test(part));
  if (first === -1) return { base: absolutePath(pattern, roots), rest: undefined };
  const fixed = parts.slice(0, first).join('/');
  const start = fixed === '' && pattern.startsWith('/') ? '/' : fixed || '.';
  const rest = parts.slice(first).filter(Boolean).join('/');
  return { base: absolutePath(start, roots), rest: new Minimatch(rest, platformOptions) };
}

/** Returns the absolute path of the part before the first glob character. */
export function baseOfGlob(pattern: string, roots: Roots): string {
  return parseCached(pattern, roots).base;
}

/** Returns whether a path of the input matches this file or folder. */
export function matches(full: string, pattern: string, roots: Roots): boolean {
  const { base, rest } = parseCached(pattern, roots);
  if (rest === undefined || full === base) return full === base && rest === undefined;
  return isInside(full, base) && rest.match(relative(base, full).split(sep).join('/'));
}

/**
 * Returns the existing files and folders that a path of the input matches. Matches inside a matched folder are left
 * out. A glob does not enter mount points below its base.
 * @param onMountPoint receives each mount point that the glob matches or would have to enter
 */
export function expandGlob(
  pattern: string,
  roots: Roots,
  onMountPoint: (path: string) => void = () => {},
): string[] {
  const { base, rest } = parseCached(pattern, roots);
  if (rest === undefined) return [base];
  const isMountPoint = mountPointPredicate(realPathOf(base));
  const found: string[] = [];
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(join(base, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isFound = rest.match(path);
      if (!isFound && !(entry.isDirectory() && rest.match(path, true))) continue;
      if (isMountPoint(path)) onMountPoint(join(base, path));
      else if (isFound) found.push(join(base, path));
      else open.push(path);
    }
  }
  return found.sort();
}

/** Returns a function that reports whether a path is at or behind a mount point below the base of the glob. */
export function globMountPredicate(pattern: string, roots: Roots): (full: string) => boolean {
  const { base, rest } = parseCached(pattern, roots);
  if (rest === undefined) return () => false;
  const real = realPathOf(base);
  const isMountPoint = mountPointPredicate(real);
  const hasMountPoint = (relativePath: string): boolean => {
    const parts = relativePath.split(sep);
    return parts.some((_part, index) => isMountPoint(join(...parts.slice(0, index + 1))));
  };
  return (full) => {
    if (hasMountPoint(relative(base, full))) return true;
    // A symlink can lead behind a mount point too.
    const end = realPathOf(full);
    return end !== real && isInside(end, real) && hasMountPoint(relative(real, end));
  };
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
