import type { Deadline } from '@runner-actions/core';
import type { Entry, ImportedTrees } from '@runner-actions/store';

/** The names of the levels, the nearest first. */
export const levelNames = ['local', 'shared', 'github'] as const;
export type LevelName = (typeof levelNames)[number];

export interface KeyQuery {
  key: string;
  restoreKeys: readonly string[];
}

/** An entry that a remote level found. */
export interface RemoteEntry {
  key: string;
  /** Fetches the trees into a folder, as `tree-0` and so on, and returns their places. The content is untrusted. */
  fetch(folder: string, deadline: Deadline): Promise<ImportedTrees>;
  /**
   * Checks that the entry could be fetched, at levels where finding it does not prove that.
   * @throws Error like `fetch`
   */
  checkFetchable?(deadline: Deadline): Promise<void>;
}

/** A place for entries outside of this machine's disk. The caller turns its errors into a warning and a miss. */
export interface Level {
  name: Exclude<LevelName, 'local'>;
  /** The name for messages. */
  title: string;
  /**
   * Finds the exact key, otherwise an entry whose key starts with it or with a restore key, in the order that GitHub
   * uses.
   */
  find(wanted: KeyQuery, deadline: Deadline): Promise<RemoteEntry | undefined>;
  /** Saves an entry. Reserves the place before packing, because the entry may exist already. */
  save(entry: Entry, deadline: Deadline): Promise<'saved' | 'exists'>;
}
