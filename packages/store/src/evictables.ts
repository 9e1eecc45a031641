import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, filesOf, listFolders, listEntryFolders, type Metadata, readEntry } from './entry.ts';
import { heldEntries } from './lease.ts';
import type { Store } from './store.ts';
import { isUuid } from './folder-names.ts';

/** An item that can be evicted separately: an entry, one of its ready copies, or an item in quarantine. */
export interface Evictable {
  kind: 'entry' | 'copy' | 'quarantined';
  folder: string;
  /** `undefined`: not a readable entry. */
  key: string | undefined;
  /** `owner/name`, or empty. */
  repository: string;
  bytes: number;
  /** Number of files; 0 if it is unknown. */
  files: number;
  /** Milliseconds since the epoch. For a copy, the last use of its entry. */
  lastUse: number;
  /** A job holds it, or links lead into it. */
  held: boolean;
}

/** Lists everything that can be evicted, of all repositories and scopes. The copies of an entry come before it. */
export function listEvictables(store: Store): Evictable[] {
  const held = heldEntries(store);
  const entries = listEntryFolders(store).flatMap((folder) => describe(folder, held.has(folder)));
  const quarantined = listFolders(join(store.root, 'quarantine'), isUuid).map((folder): Evictable => ({
    kind: 'quarantined',
    folder,
    key: undefined,
    repository: '',
    ...sizeOf(readEntry(folder)?.metadata),
    lastUse: modified(folder),
    held: false,
  }));
  return [...entries, ...quarantined];
}

function sizeOf(metadata: Metadata | undefined): Pick<Evictable, 'bytes' | 'files'> {
  if (metadata === undefined) return { bytes: 0, files: 0 };
  return { bytes: bytesOf(metadata), files: filesOf(metadata) };
}

function describe(folder: string, held: boolean): Evictable[] {
  const metadata = readEntry(folder)?.metadata;
  const lastUse = Math.max(modified(join(folder, 'used')), metadata?.createdAt ?? modified(folder));
  const common = { key: metadata?.key, repository: metadata?.repository ?? '', ...sizeOf(metadata), lastUse };
  const copies = listFolders(join(folder, 'copies'), isUuid).map((copy): Evictable => ({
    ...common,
    kind: 'copy',
    folder: copy,
    held: false,
  }));
  return [...copies, { ...common, kind: 'entry', folder, held }];
}

function modified(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
