import { constants, closeSync, type Dirent, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { format } from './layout.ts';
import { isDraft, markerName } from './marker.ts';
import { isDigest, isOwnerName, isUuid } from './folder-names.ts';

const isLock = (name: string): boolean =>
  isDraft(name) || /^(collect|(entry|flight|target)-[\da-f]{64})(\.[\da-f]{16})*$/.test(name);

/** The folders of a store, and which names of subfolders (in `locks`: of files) are valid in them. */
const folders: Record<string, (name: string) => boolean> = {
  [format]: isDigest,
  staging: isOwnerName,
  leases: isOwnerName,
  quarantine: isUuid,
  locks: isLock,
};
/** The files of a store, with their maximum bytes. */
const files: Record<string, number> = {
  'CACHEDIR.TAG': 1024,
  reserve: 1 << 16,
  grown: Infinity,
  counted: 1024,
};

/**
 * Returns a file or folder that no store would contain, judged by its name and kind; `undefined` if there is none. Used
 * for folders without a marker: stores from before there were markers are recognised this way.
 */
export function findForeign(root: string): string | undefined {
  for (const entry of contentsOf(root)) {
    const isValidChild = folders[entry.name];
    if (isValidChild === undefined ? !isStoreFile(root, entry) : !entry.isDirectory()) return entry.name;
    if (isValidChild === undefined) continue;
    const inner = readdirSync(join(root, entry.name), { withFileTypes: true });
    const foreign = inner.find(
      (one) => !isValidChild(one.name) || (entry.name === 'locks' ? !one.isFile() : !one.isDirectory()),
    );
    if (foreign !== undefined) return join(entry.name, foreign.name);
  }
  return undefined;
}

/** Returns whether the folder counts as empty. `lost+found` of a new disk and drafts of a marker are ignored. */
export function isEmpty(root: string): boolean {
  return contentsOf(root).length === 0;
}

/**
 * Returns whether the folder is a store from before there were markers. Its other folders have common names, so one of
 * these two must exist.
 */
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

/** Other programs tag their caches as well. A tag that was cut off by a full disk is empty. */
function isOwnCacheTag(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const text = readFileSync(file, 'utf8');
    return text === '' || text.includes('Runner Actions');
  } finally {
    closeSync(file);
  }
}
