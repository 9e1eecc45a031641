import { accessSync, constants, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isInside } from '@runner-actions/host';
import { TreeMismatch } from './copy-file.ts';
import { expectFitsDisk } from './disk-size.ts';
import {
  type Entry,
  folderId,
  listFolders,
  readInventoryOf,
  listEntryFolders,
  listSpaceFolders,
  readEntry,
  treePath,
} from './entry.ts';
import { rebuildKeys } from './evict.ts';
import { digest } from './space.ts';
import { totalsOf } from './inventory.ts';
import { readKeys } from './keys.ts';
import { isPermissionError, type Inaccessible } from './inaccessible.ts';
import type { Store } from './store.ts';
import { isDigest, isUuid } from './folder-names.ts';
import type { OnProgress } from './progress.ts';
import { quarantineEntry } from './remove-entry.ts';
import { UnsafeArchive } from './check-items.ts';
import { removeFolder } from './staging.ts';
import { type Usage, usageOf } from './disk-usage.ts';
import { verifyItems } from './verify.ts';

interface Problem {
  folder: string;
  key: string | undefined;
  what: string;
  /** What was done about it. `unread`: the item could not be checked. */
  done: 'quarantined' | 'removed' | 'rebuilt' | 'nothing' | 'unread';
}

export interface CheckReport {
  entries: number;
  copies: number;
  /** Folders in ready copies of other users that this user cannot read. */
  unreadCopies: number;
  /** Entries without digests, whose content `full` could not compare. */
  withoutDigests: number;
  problems: Problem[];
}

/**
 * Checks everything in the store. Items that other processes remove meanwhile are not reported.
 * @param full compares the content with digests if there are any; otherwise only kinds, sizes and times
 * @param repair moves bad entries to quarantine, removes bad copies, and rebuilds the index of keys
 */
export function checkStore(
  store: Store,
  { full = false, repair = false, tick }: { full?: boolean; repair?: boolean; tick?: OnProgress },
): CheckReport {
  const usage = usageOf(store);
  const { unreadFolders, unreadElsewhere } = usage;
  const checked: CheckReport = {
    ...{ entries: 0, copies: 0, unreadCopies: unreadFolders - unreadElsewhere, withoutDigests: 0 },
    problems: problemsIn(usage),
  };
  for (const folder of listEntryFolders(store)) {
    const isExpected = sameFolderCheck(folder);
    checked.entries += 1;
    // A user who cannot read the entry cannot call it damaged.
    if (usage.unread.some(({ part, path }) => part === 'entries' && isInside(path, folder))) continue;
    const found = problemOf(folder, full, tick);
    if (full && found === undefined && readEntry(folder)?.metadata.digests === false)
      checked.withoutDigests += 1;
    if (found === undefined) checkCopies(store, folder, checked, repair);
    else if (isExpected() && found.unread)
      checked.problems.push({ folder, key: undefined, what: found.what, done: 'unread' });
    else if (isExpected())
      report(folder, found.what, () =>
        quarantineEntry(store, folder, isExpected) ? 'quarantined' : 'nothing',
      );
  }
  for (const space of listSpaceFolders(store)) {
    // A save adds the key before it publishes the entry. So list the entries first, or new ones would seem to lack a
    // key.
    const keys = listFolders(space, isDigest).map((folder) => readEntry(folder)?.metadata.key);
    const known = new Set(readKeys(space).map(({ key }) => key));
    const missing = keys.filter((key) => key !== undefined && !known.has(key));
    if (missing.length > 0)
      report(space, `not in the index: ${missing.length} of ${keys.length} keys`, () => {
        rebuildKeys(store, space);
        return 'rebuilt';
      });
  }
  return checked;

  function report(folder: string, what: string, fix: () => Problem['done']): void {
    const key = readEntry(folder)?.metadata.key;
    checked.problems.push({ folder, key, what, done: repair ? fix() : 'nothing' });
  }
}

/**
 * Returns the problems that the disk usage shows: folders that this user cannot remove, and folders that it cannot
 * read.
 */
function problemsIn({ stuck, unread }: Usage): Problem[] {
  const problem =
    (what: string, done: Problem['done']) =>
    ({ path, reason }: Inaccessible) => ({ folder: path, key: undefined, what: `${what} (${reason})`, done });
  return [
    ...stuck.map(problem('a dead job left it behind, and this user cannot remove it', 'nothing')),
    ...unread
      .filter(({ path }) => !stuck.some((one) => isInside(path, one.path)))
      .map(problem('it cannot be read', 'unread')),
  ];
}

interface Finding {
  what: string;
  /** The entry could not be read. */
  unread: boolean;
}

/** Returns what is wrong with an entry; `undefined` if it is good. */
function problemOf(folder: string, full: boolean, tick: OnProgress | undefined): Finding | undefined {
  const wrong = (what: string): Finding => ({ what, unread: false });
  try {
    const entry = readEntry(folder);
    if (entry === undefined) {
      accessSync(join(folder, 'entry.json'), constants.R_OK);
      return wrong('entry.json is damaged');
    }
    if (digest([entry.metadata.key]) !== folder.slice(folder.lastIndexOf('/') + 1))
      return wrong('its key does not match the name of its folder');
    checkTrees(entry, full && entry.metadata.digests, tick);
    return undefined;
  } catch (error) {
    if (error instanceof TreeMismatch || error instanceof UnsafeArchive) return wrong(error.message);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return wrong('entry.json or an inventory is missing');
    return { what: `it cannot be read: ${message}`, unread: isPermissionError(code) };
  }
}

function checkTrees({ folder, metadata }: Entry, full: boolean, tick: OnProgress | undefined): void {
  const inventories = metadata.trees.map((_tree, index) => readInventoryOf(folder, index));
  expectFitsDisk(folder, inventories);
  for (const [index, tree] of metadata.trees.entries()) {
    const items = inventories[index] ?? [];
    const { files, bytes } = totalsOf(items);
    if (files !== tree.files || bytes !== tree.bytes)
      throw new TreeMismatch(`inventory-${index} does not match entry.json`);
    verifyItems(treePath(folder, index), items, full ? 'full' : 'stat', tick);
  }
}

/** Checks the ready copies of an entry. One without its inventory can never be used and only takes space. */
function checkCopies(store: Store, folder: string, checked: CheckReport, repair: boolean): void {
  for (const copy of listFolders(join(folder, 'copies'), isUuid)) {
    checked.copies += 1;
    try {
      const trees = readEntry(folder)?.metadata.trees ?? [];
      for (const index of trees.keys())
        verifyItems(treePath(copy, index), readInventoryOf(copy, index), 'stat');
    } catch (error) {
      // A ready copy of another user may be unreadable.
      if (!isThere(copy) || (error as NodeJS.ErrnoException).code === 'EACCES') continue;
      const done = repair && removeFolder(store, copy) ? 'removed' : 'nothing';
      checked.problems.push({ folder: copy, key: undefined, what: (error as Error).message, done });
    }
  }
}

/**
 * Returns a function that tells whether the folder is still the same. While it is checked, the entry may be evicted and
 * another one saved in its place.
 */
function sameFolderCheck(folder: string): () => boolean {
  const seen = folderId(folder);
  return () => seen !== undefined && folderId(folder) === seen;
}

function isThere(folder: string): boolean {
  return lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
}
