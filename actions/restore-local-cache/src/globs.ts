import { type Dirent, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { minimatch } from 'minimatch';
import { isInside } from '@runner-actions/host';
import { absolutePath, type Roots } from './roots.ts';

const special = /[*?[]/;

/** As `@actions/glob` matches, which `actions/cache` uses: names with a dot count, braces and `!` do not. Source: its `internal-pattern.ts`. */
const rules = { dot: true, nobrace: true, nocomment: true, noext: true, nonegate: true } as const;
const system = { ...rules, nocase: process.platform === 'win32' };

interface Glob {
  /** The path as far as it has no glob, in full. */
  base: string;
  /** What is left of it, with `/`; empty: it has none. */
  rest: string;
}

function parse(pattern: string, roots: Roots): Glob {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => special.test(part));
  if (first === -1) return { base: absolutePath(pattern, roots), rest: '' };
  const fixed = parts.slice(0, first).join('/');
  const start = fixed === '' && pattern.startsWith('/') ? '/' : fixed || '.';
  return { base: absolutePath(start, roots), rest: parts.slice(first).filter(Boolean).join('/') };
}

export function baseOfGlob(pattern: string, roots: Roots): string {
  return parse(pattern, roots).base;
}

/** Whether a path of the input names this file or folder. */
export function matches(full: string, pattern: string, roots: Roots): boolean {
  const { base, rest } = parse(pattern, roots);
  if (rest === '' || full === base) return full === base && rest === '';
  return isInside(full, base) && minimatch(relative(base, full).split(sep).join('/'), rest, system);
}

/** What is there that a path of the input names: the outermost, since what lies in a folder is part of it. */
export function expand(pattern: string, roots: Roots): string[] {
  const { base, rest } = parse(pattern, roots);
  if (rest === '') return [base];
  const found: string[] = [];
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(join(base, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (minimatch(path, rest, system)) found.push(join(base, path));
      else if (entry.isDirectory() && minimatch(path, rest, { ...system, partial: true })) open.push(path);
    }
  }
  return found.sort();
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
