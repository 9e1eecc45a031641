import { constants, closeSync, type Dirent, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { format } from './layout.ts';
import { isDraft, markerName } from './marker.ts';
import { isDigest, isOwnerName, isUuid } from './folder-names.ts';

const isLock = (name: string): boolean =>
  isDraft(name) || /^(collect|(entry|flight)-[\da-f]{64})(\.[\da-f]{16})*$/.test(name);

/** The folders of a store, and which names of folders (of locks: of files) it gives in them. */
const folders: Record<string, (name: string) => boolean> = {
  [format]: isDigest,
  staging: isOwnerName,
  leases: isOwnerName,
  quarantine: isUuid,
  locks: isLock,
};
/** Its files, and how large they may be. */
const files: Record<string, number> = {
  'CACHEDIR.TAG': 1024,
  reserve: 1 << 16,
  grown: Infinity,
  counted: 1024,
};

/**
 * What is in a folder, apart from the mark, that no store of ours would have there, by its name and kind; `undefined`: nothing.
 * Only asked of a folder without a mark: stores made before there was one are known by that.
 */
export function findForeign(root: string): string | undefined {
  for (const entry of contentsOf(root)) {
    const isOurs = folders[entry.name];
    if (isOurs === undefined ? !isStoreFile(root, entry) : !entry.isDirectory()) return entry.name;
    if (isOurs === undefined) continue;
    const inner = readdirSync(join(root, entry.name), { withFileTypes: true });
    const foreign = inner.find(
      (one) => !isOurs(one.name) || (entry.name === 'locks' ? !one.isFile() : !one.isDirectory()),
    );
    if (foreign !== undefined) return join(entry.name, foreign.name);
  }
  return undefined;
}

/** Whether there is nothing yet: a new disk has `lost+found`, and a process that was killed may have left a draft of the mark. */
export function isEmpty(root: string): boolean {
  return contentsOf(root).length === 0;
}

/** A folder with folders of such common names only is a store if it has the one that nobody else has. */
export function isUnmarkedStore(root: string): boolean {
  return contentsOf(root).some(({ name }) => name === format || name === 'CACHEDIR.TAG');
}

function contentsOf(root: string): Dirent[] {
  return readdirSync(root, { withFileTypes: true }).filter(
    (entry) =>
      !(entry.name === 'lost+found' && entry.isDirectory()) &&
      !(isDraft(entry.name) && entry.isFile()) &&
      entry.name !== markerName,
  );
}

function isStoreFile(root: string, entry: Dirent): boolean {
  const most = files[entry.name];
  if (most === undefined || !entry.isFile()) return false;
  const path = join(root, entry.name);
  if (statSync(path).size > most) return false;
  return entry.name !== 'CACHEDIR.TAG' || isOwnCacheTag(path);
}

/** Other programs tag their caches as well. One that a full disk cut off is empty. */
function isOwnCacheTag(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const text = readFileSync(file, 'utf8');
    return text === '' || text.includes('Runner Actions');
  } finally {
    closeSync(file);
  }
}
