import { join } from 'node:path';
import { listFolders } from './entry.ts';
import { sumOf } from './eviction-plan.ts';
import { groupBy } from './group-by.ts';
import { type Store } from './store.ts';
import { isOwnerName } from './folder-names.ts';
import { listEvictables } from './evictables.ts';

export interface Statistics {
  entries: number;
  bytes: number;
  /** Ready copies. They take the space of their entries again if blocks are not shared. */
  copies: number;
  copyBytes: number;
  quarantined: number;
  /** Entries that running jobs hold. */
  held: number;
  /** Folders that are being created or deleted. */
  staging: number;
  /** Milliseconds since the epoch; `undefined` in an empty store. */
  leastRecentUse: number | undefined;
  repositories: { repository: string; entries: number; bytes: number; lastUse: number }[];
}

/** Returns statistics of the store, largest repository first. */
export function statisticsOf(store: Store): Statistics {
  const evictables = listEvictables(store);
  const of = (kind: string) => evictables.filter((one) => one.kind === kind);
  const repositories = groupBy(of('entry'), ({ repository }) => repository);
  const uses = of('entry').map(({ lastUse }) => lastUse);
  return {
    entries: of('entry').length,
    bytes: sumOf(of('entry')),
    copies: of('copy').length,
    copyBytes: sumOf(of('copy')),
    quarantined: of('quarantined').length,
    held: of('entry').filter(({ held }) => held).length,
    staging: listFolders(join(store.root, 'staging'), isOwnerName).length,
    leastRecentUse: uses.length === 0 ? undefined : uses.reduce((one, other) => Math.min(one, other)),
    repositories: [...repositories]
      .map(([repository, entries]) => ({
        repository,
        entries: entries.length,
        bytes: sumOf(entries),
        lastUse: entries.reduce((latest, { lastUse }) => Math.max(latest, lastUse), 0),
      }))
      .sort((one, other) => other.bytes - one.bytes),
  };
}
