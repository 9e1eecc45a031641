import { minimatch } from 'minimatch';

export type Verdict = 'keep' | 'remove' | 'look inside';

/** As Node's `matchesGlob` matches, but for names with a dot, which count like others. Source: its `internal/fs/glob.js`. */
const options = {
  dot: true,
  nocase: process.platform === 'win32' || process.platform === 'darwin',
  nocaseMagicOnly: true,
  nocomment: true,
  nonegate: true,
  optimizationLevel: 2,
  windowsPathsNoEscape: true,
} as const;

/**
 * What becomes of an entry, by globs of which the last that matches counts; `!` takes out again. A glob covers names with a dot as
 * well, and one for a directory all that is in it. A directory that might hold something to keep, or to take out, is looked into.
 * @param unmatched loses each glob that has matched, or may match in a directory that is kept whole
 */
export function keepByGlobs(
  globs: readonly string[],
  unmatched = new Set<string>(),
): (path: string, isDirectory: boolean) => Verdict {
  const rules = globs.map((glob) => {
    const removes = glob.startsWith('!');
    return {
      glob,
      removes,
      pattern: (removes ? glob.slice(1) : glob)
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
  return (path, isDirectory) => {
    const verdict = judge(path, isDirectory);
    const isWhole = isDirectory && verdict === 'keep';
    for (const { glob, pattern } of rules)
      if (unmatched.has(glob) && (covers(pattern, path) || (isWhole && mayHold(path, pattern))))
        unmatched.delete(glob);
    return verdict;
  };
}

/**
 * `otherwise`, but for paths that are protected: those stay, and what holds one is looked into.
 * @param paths relative to the workspace, with `/`; '' is the workspace itself
 */
export function keepProtected(
  paths: readonly string[],
  otherwise: (path: string, isDirectory: boolean) => Verdict,
): (path: string, isDirectory: boolean) => Verdict {
  return (path, isDirectory) => {
    if (paths.some((own) => own === '' || path === own || path.startsWith(`${own}/`))) return 'keep';
    const verdict = otherwise(path, isDirectory);
    const holds = isDirectory && paths.some((own) => own.startsWith(`${path}/`));
    return holds && verdict === 'remove' ? 'look inside' : verdict;
  };
}

/** Whether something below `directory` may match the pattern: compared part by part, as far as both go. */
function mayHold(directory: string, pattern: string): boolean {
  const parts = pattern.split('/');
  // What `{a/b,c}` stands for may be of several parts.
  const open = parts.findIndex((part) => part === '**' || /[{(]/.test(part));
  const fixed = open < 0 ? parts : parts.slice(0, open);
  const path = directory.split('/');
  if (open < 0 && path.length >= parts.length) return false;
  return path.slice(0, fixed.length).every((part, index) => minimatch(part, fixed[index] ?? '', options));
}
