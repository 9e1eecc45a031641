import type { TreePlace, Tree } from './entry.ts';
import type { OnProgress } from './progress.ts';

export interface Source {
  /** A file or folder, one character per byte. */
  path: string;
  place: TreePlace;
}

/** Which path a tree belongs to, and where it was. */
export type Origin = Pick<Tree, 'place' | 'from'>;

export interface SaveOptions {
  /** `owner/name`, for messages. */
  repository: string;
  /**
   * Moves the trees instead of copying them, if they are on the store's file system. For trees that nobody needs any
   * more.
   */
  move?: boolean;
  /**
   * Symlinks to the trees instead of copying them. For a store that is deleted when the step ends, while nobody changes
   * the trees.
   */
  inPlace?: boolean;
  /** Called for each path that cannot be saved and is left out: its full path and the reason, for messages. */
  skip?: (path: string, why: string) => void;
  /** Whether to store a digest of each file, for `verify: full` and `pinned`. */
  digests?: boolean;
  githubMilliseconds?: number;
  /** When the entry was created on another machine. Default: now. */
  createdAt?: number;
  tick?: OnProgress;
}
