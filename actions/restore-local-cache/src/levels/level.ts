import type { Deadline } from '@runner-actions/core';
import type { Entry, Filled } from '@runner-actions/store';

/** Where entries are kept, the nearest first. */
export const levelNames = ['local', 'shared', 'github'] as const;
export type LevelName = (typeof levelNames)[number];

export interface KeyQuery {
  key: string;
  restoreKeys: readonly string[];
}

/** An entry that a level has. */
export interface RemoteEntry {
  key: string;
  /** Puts its trees into a folder, `tree-0` and so on, and says what they are for. Nothing in it was trusted. */
  fetch(folder: string, deadline: Deadline): Promise<Filled>;
  /** Where finding it is not enough: says whether it could be fetched. @throws Error as `fetch` does, where it could not */
  prove?(deadline: Deadline): Promise<void>;
}

/** Where entries are kept restoreFromRemoteLevels this machine's disk. What it throws is a warning and a miss for whoever asked. */
export interface Level {
  name: Exclude<LevelName, 'local'>;
  /** For people. */
  title: string;
  /** The key itself, else what begins with it or a restore key, as GitHub orders them. */
  find(wanted: KeyQuery, deadline: Deadline): Promise<RemoteEntry | undefined>;
  /** Asks for the place before it packs: the entry may be there already. */
  save(entry: Entry, deadline: Deadline): Promise<'saved' | 'exists'>;
}
