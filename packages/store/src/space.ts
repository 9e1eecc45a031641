import { createHash } from 'node:crypto';

/** What an entry belongs to besides its key. Entries of different spaces never meet. */
export interface Space {
  /** The server, as `github.com`. */
  host: string;
  /** GitHub's number for the repository, which survives a rename. */
  repositoryId: string;
  /** The ref that wrote it, as GitHub scopes its caches. */
  scope: string;
  /** Of the paths, the system and this layout: `versionOf`. */
  version: string;
}

/**
 * Entries are only exchanged between jobs that ask for the same paths on the same kind of system.
 * @param paths as `nameRoots` of the action spells them: however written, wherever the folders are
 * @param system the operating system and the architecture, or none where that does not matter
 */
export function versionOf(paths: readonly string[], system: readonly string[]): string {
  return digest(['layout 3', String(paths.length), ...paths, ...system]);
}

/** The folders of a space below the store's root: digests, so that nothing foreign is ever a path. */
export function folderOf(space: Space): string {
  const { host, repositoryId, scope, version } = space;
  return [digest([host, repositoryId]), digest([scope]), version].join('/');
}

/** A name for any text: 64 hexadecimal digits. */
export function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
