/** A file of this repository, or of another one. */
export interface FilePlace {
  /** `owner/name`; `undefined`: this repository. */
  repository: string | undefined;
  /** A branch, tag or commit; `undefined`: what governs this run, and for another repository its default branch. */
  ref: string | undefined;
  /** From the root of the repository, with `/`. */
  path: string;
}

/** `missing` is known not to be there; `wrong` is there and no text file; `unknown` could not be fetched, which says nothing. */
export type Fetched =
  | { kind: 'text'; text: string }
  | { kind: 'missing'; why: string }
  | { kind: 'wrong'; expected: string }
  | { kind: 'unknown'; why: string };

/** Where the texts of configuration files come from. It never throws for what GitHub or the disk answers. */
export interface Files {
  read(place: FilePlace): Promise<Fetched>;
}

/** The file as people name it: its path, with `owner/repo:` and `@ref` when it is another repository's. */
export function nameOf({ repository, ref, path }: FilePlace): string {
  if (repository === undefined) return path;
  return `${repository}:${path}${ref === undefined ? '' : `@${ref}`}`;
}

/**
 * Whether a name that `nameOf` made is of a file at the commit that governs this run. One that names a repository is not, though
 * it be this one: its ref may be any commit, and GitHub finds those of forks under it too.
 */
export function isOwnFile(name: string): boolean {
  return !name.includes(':');
}

/**
 * What an entry of `extends` means in the file at `from`: `./base.yml` lies beside it, in the same repository and at the
 * same ref; `owner/repo:path@ref` is another repository's. The text says what is wrong with any other.
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

/** The path without `.` and `..`; `undefined` when it leads out of the repository. */
export function normalize(path: string, folder: string): string | undefined {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...path.replaceAll('\\', '/').split('/')]) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join('/');
}
