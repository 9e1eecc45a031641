import type { Place, Tree } from './entry.ts';
import type { Tick } from './progress.ts';

export interface Source {
  /** A file or folder, a character for each byte. */
  path: string;
  place: Place;
}

/** What a tree is for, and where it was. */
export type Origin = Pick<Tree, 'place' | 'from'>;

export interface SaveOptions {
  /** `owner/name`, for people. */
  repository: string;
  /** Takes the trees away instead of copying them, where they are on the store's file system: for what nobody needs any more. */
  move?: boolean;
  /**
   * Describes the trees and links to them, instead of copying them: for a store that goes when the step ends, while nobody changes
   * them.
   */
  inPlace?: boolean;
  /** Takes what cannot be saved, which is then left out: its path in full, for people, and why. */
  skip?: (path: string, why: string) => void;
  /** Whether to note a digest of each file, for `verify: full` and `pinned`. */
  digests?: boolean;
  githubMilliseconds?: number;
  /** When it was made elsewhere; default: now. */
  createdAt?: number;
  tick?: Tick;
}
