import { type Dirent, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Minimatch } from 'minimatch';
import { isInside } from '@runner-actions/host';
import { absolutePath, type Roots } from './roots.ts';

const special = /[*?[]/;

/** As `@actions/glob` matches, which `actions/cache` uses: names with a dot count, braces and `!` do not. Source: its `internal-pattern.ts`. */
const rules = { dot: true, nobrace: true, nocomment: true, noext: true, nonegate: true } as const;
const system = { ...rules, nocase: process.platform === 'win32' };

interface Glob {
  /** The path as far as it has no glob, in full. */
  base: string;
  /** What is left of it; `undefined`: it has no glob. */
  rest: Minimatch | undefined;
}

/** Parsed once: a path of the input is compared with each file that it might name. */
const parsed = new Map<string, Glob>();

function parse(pattern: string, roots: Roots): Glob {
  const name = JSON.stringify([pattern, roots.workspace, roots.home]);
  const known = parsed.get(name) ?? parseAnew(pattern, roots);
  parsed.set(name, known);
  return known;
}

function parseAnew(pattern: string, roots: Roots): Glob {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => special.test(part));
  if (first === -1) return { base: absolutePath(pattern, roots), rest: undefined };
  const fixed = parts.slice(0, first).join('/');
  const start = fixed === '' && pattern.startsWith('/') ? '/' : fixed || '.';
  const rest = parts.slice(first).filter(Boolean).join('/');
  return { base: absolutePath(start, roots), rest: new Minimatch(rest, system) };
}

export function baseOfGlob(pattern: string, roots: Roots): string {
  return parse(pattern, roots).base;
}

/** Whether a path of the input names this file or folder. */
export function matches(full: string, pattern: string, roots: Roots): boolean {
  const { base, rest } = parse(pattern, roots);
  if (rest === undefined || full === base) return full === base && rest === undefined;
  return isInside(full, base) && rest.match(relative(base, full).split(sep).join('/'));
}

/** What is there that a path of the input names: the outermost, since what lies in a folder is part of it. */
export function expand(pattern: string, roots: Roots): string[] {
  const { base, rest } = parse(pattern, roots);
  if (rest === undefined) return [base];
  const found: string[] = [];
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(join(base, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (rest.match(path)) found.push(join(base, path));
      else if (entry.isDirectory() && rest.match(path, true)) open.push(path);
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
