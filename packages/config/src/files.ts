/** The place of a file in this repository or in another one. */
export interface FilePlace {
  /** `owner/name`; `undefined`: this repository. */
  repository: string | undefined;
  /**
   * A branch, tag or commit; `undefined`: the ref that governs this run, or for another repository its default
   * branch.
   */
  ref: string | undefined;
  /** Relative to the root of the repository, with `/` as separator. */
  path: string;
}

/**
 * `missing`: the file does not exist. `wrong`: it exists but is not a text file. `unknown`: it could not be fetched.
 */
export type Fetched =
  | { kind: 'text'; text: string }
  | { kind: 'missing'; why: string }
  | { kind: 'wrong'; expected: string }
  | { kind: 'unknown'; why: string };

/** A source of configuration files. It never throws because of a response of GitHub or an error of the disk. */
export interface Files {
  read(place: FilePlace): Promise<Fetched>;
}

/** Returns the name of a file for users: its path; for another repository with `owner/repo:` and `@ref`. */
export function fileNameOf({ repository, ref, path }: FilePlace): string {
  if (repository === undefined) return path;
  return `${repository}:${path}${ref === undefined ? '' : `@${ref}`}`;
}

/**
 * Returns whether a name that `fileNameOf` returned is a file at the commit that governs this run. A name with a
 * repository never is, not even with this repository: its ref may be any commit, and GitHub also finds commits of
 * forks there.
 */
export function isOwnFile(name: string): boolean {
  return !name.includes(':');
}

/**
 * Resolves an entry of `extends` in the file at `from`. `./base.yml` is relative to that file, in the same repository
 * and at the same ref. `owner/repo:path@ref` is a file of another repository.
 * @returns the place; a text that describes the expected form if the entry is invalid
 */
export function resolvePlace(entry: string, from: FilePlace): FilePlace | string {
  const other = /^([\w.-]+\/[\w.-]+):([^@:]+)(?:@([^@\s]+))?$/.exec(entry);
  if (other !== null) {
    const path = normalize(other[2] ?? '', '');
    return path === undefined
      ? 'a path inside the repository'
      : { repository: other[1], ref: other[3], path };
  }
  const isLocal = /^\.\.?\//.test(entry) || !/[:@]/.test(entry);
  if (!isLocal || entry.includes(':') || entry.startsWith('/'))
    return './path/of/a/file.yml, or owner/repo:path@ref';
  const path = normalize(entry, from.path.split('/').slice(0, -1).join('/'));
  return path === undefined ? 'a path inside the repository' : { ...from, path };
}

/**
 * Resolves `.` and `..` in a path relative to `folder`.
 * @returns `undefined` if the path leads out of the repository
 */
export function normalize(path: string, folder: string): string | undefined {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...path.replaceAll('\\', '/').split('/')]) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join('/');
}
