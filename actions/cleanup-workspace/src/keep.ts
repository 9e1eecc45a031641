import { foldName } from '@runner-actions/host';
import { minimatch } from 'minimatch';

export type Verdict = 'keep' | 'remove' | 'look inside';

/**
 * The options of `@actions/glob`, which GitHub's own actions use: globs match names that start with a dot; braces and
 * `!` are literal. Source: its `internal-pattern.ts`. On macOS, where it compares case, names usually have none.
 */
const options = {
  dot: true,
  nobrace: true,
  nocase: foldName('A') === 'a',
  nocaseMagicOnly: true,
  nocomment: true,
  noext: true,
  nonegate: true,
  windowsPathsNoEscape: true,
} as const;

/**
 * Decides by globs whether to keep an entry. The last matching glob counts; a glob with `!` excludes. A glob also
 * matches names with a dot, and a glob for a directory covers all its contents. A directory gets `look inside` if an
 * entry in it may have another verdict.
 * @param unmatched the function removes each glob that matches, or that may match inside a directory that is kept as
 * a whole
 */
export function keepByGlobs(
  globs: readonly string[],
  unmatched = new Set<string>(),
  platform = process.platform,
): (path: string, isDirectory: boolean) => Verdict {
  // macOS takes a letter and its combining mark for one, whichever of both a name has.
  const compose = (text: string): string => (platform === 'darwin' ? text.normalize('NFC') : text);
  const rules = globs.map((glob) => {
    const removes = glob.startsWith('!');
    return {
      glob,
      removes,
      pattern: compose(removes ? glob.slice(1) : glob)
        .replaceAll(/\/+(\.\/+)*/g, '/')
        .replace(/^\.\//, '')
        .replace(/\/(\*\*)?$/, ''),
    };
  });
  const covers = (pattern: string, path: string) =>
    minimatch(path, pattern, options) || minimatch(path, `${pattern}/**`, options);
  const judge = (path: string, isDirectory: boolean): Verdict => {
    const last = rules.findLast(({ pattern }) => covers(pattern, path));
    const kept = last !== undefined && !last.removes;
    const otherwise = kept ? 'keep' : 'remove';
    if (!isDirectory) return otherwise;
    return rules.some((rule) => rule.removes === kept && mayHold(path, rule.pattern))
      ? 'look inside'
      : otherwise;
  };
  return (name, isDirectory) => {
    const path = compose(name);
    const verdict = judge(path, isDirectory);
    const isWhole = isDirectory && verdict === 'keep';
    for (const { glob, pattern } of rules)
      if (unmatched.has(glob) && (covers(pattern, path) || (isWhole && mayHold(path, pattern))))
        unmatched.delete(glob);
    return verdict;
  };
}

/**
 * Keeps protected paths. A directory that contains a protected path gets `look inside`. Every other entry gets the
 * verdict of `otherwise`.
 * @param paths relative to the workspace, with `/`; '' is the workspace itself
 */
export function keepProtected(
  paths: readonly string[],
  otherwise: (path: string, isDirectory: boolean) => Verdict,
  platform = process.platform,
): (path: string, isDirectory: boolean) => Verdict {
  const protect = paths.map((path) => foldName(path, platform));
  return (path, isDirectory) => {
    const name = foldName(path, platform);
    if (protect.some((own) => own === '' || name === own || name.startsWith(`${own}/`))) return 'keep';
    const verdict = otherwise(path, isDirectory);
    const holds = isDirectory && protect.some((own) => own.startsWith(`${name}/`));
    return holds && verdict === 'remove' ? 'look inside' : verdict;
  };
}

/**
 * Returns whether an entry below `directory` may match the pattern. Compares both part by part, up to the shorter
 * one.
 */
function mayHold(directory: string, pattern: string): boolean {
  const parts = pattern.split('/');
  const open = parts.indexOf('**');
  const fixed = open < 0 ? parts : parts.slice(0, open);
  const path = directory.split('/');
  if (open < 0 && path.length >= parts.length) return false;
  return path.slice(0, fixed.length).every((part, index) => minimatch(part, fixed[index] ?? '', options));
}
