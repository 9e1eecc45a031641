import { createHash } from 'node:crypto';

/** What an entry belongs to, besides its key. A job never gets entries of another space. */
export interface Space {
  /** The server, such as `github.com`. */
  host: string;
  /** GitHub's id of the repository. It survives a rename. */
  repositoryId: string;
  /** The ref that saved the entry, as GitHub scopes its caches. */
  scope: string;
  /** Digest of the paths, the system and the layout: `spaceVersion`. */
  version: string;
}

/**
 * Returns the version for a list of paths and a system. Jobs only share entries if both are the same.
 * @param paths as the action's `portablePathNames` returns them: independent of spelling and of where the folders are
 * @param system the operating system and the architecture; empty if these do not matter
 */
export function spaceVersion(paths: readonly string[], system: readonly string[]): string {
  return digest(['layout 3', String(paths.length), ...paths, ...system]);
}

/**
 * Returns the folder of a space, relative to the format folder. It consists of digests, so that no outside text becomes
 * part of a path.
 */
export function spacePath(space: Space): string {
  const { host, repositoryId, scope, version } = space;
  return [digest([host, repositoryId]), digest([scope]), version].join('/');
}

/** Returns a name for any text: a SHA-256 with 64 hexadecimal digits. */
export function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
