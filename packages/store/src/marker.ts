import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { isOrphan, ownerName, ownerOf } from '@runner-actions/host';
import { draftPrefix } from './probe.ts';
import { writeRecord } from './records.ts';
import { StoreUnusable } from './store-errors.ts';

/** The file in a store's root that identifies it as a store. A folder without it belongs to somebody else. */
export const markerName = 'runner-actions-store.json';
/** Version of the marker. The entry format is versioned separately, by its folder. */
const version = 1;
const text = `${JSON.stringify({ 'runner-actions': 'store', version })}\n`;
const maxMarkerBytes = 4096;
/** Creating a marker takes a moment. An older draft is an orphan. Milliseconds. */
const draftTime = 3_600_000;

/** Windows does not have these flags. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * Returns whether the folder has the marker.
 * @param isTrusted whether a marker of this user counts: whoever can create one makes a folder a store for others
 * @throws StoreUnusable for a marker that is a symlink, damaged, written by an untrusted user, or of a newer version
 */
export function hasMarker(root: string, isTrusted: (user: number) => boolean): boolean {
  const path = join(root, markerName);
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ELOOP') throw new StoreUnusable(`The marker ${path} is a symlink. Remove it.`);
    throw error;
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > maxMarkerBytes)
      throw new StoreUnusable(`The marker ${path} is not valid: it is not a file, or too large. Remove it.`);
    if (process.platform !== 'win32' && !isTrusted(stats.uid))
      throw new StoreUnusable(
        `The marker ${path} belongs to user ${stats.uid}, who is not trusted here and could turn any folder into a store. Check what is in the folder, then remove the marker.`,
      );
    expectKnown(path, readFileSync(file, 'utf8'));
    return true;
  } finally {
    closeSync(file);
  }
}

function expectKnown(path: string, content: string): void {
  const found = versionIn(content);
  if (found === undefined)
    throw new StoreUnusable(
      `The marker ${path} is damaged. If the folder is a store, remove the marker: a new one is created.`,
    );
  if (found > version)
    throw new StoreUnusable(
      `The store of ${path} was created by a newer version of Runner Actions (marker version ${found}; this version supports ${version}). Use that version, or another root.`,
    );
}

function versionIn(content: string): number | undefined {
  try {
    const mark = JSON.parse(content) as Record<string, unknown> | null;
    const found = mark?.['version'];
    return mark?.['runner-actions'] === 'store' && Number.isSafeInteger(found)
      ? (found as number)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes the marker, atomically with its content. If two processes try at once, one succeeds. A process that is killed
 * leaves at most a draft, which its name identifies.
 * @throws Error from the file system
 */
export function writeMarker(root: string): void {
  const draft = join(root, `${draftPrefix}${ownerName(ownerOf(process.pid))}_${randomUUID()}`);
  try {
    writeRecord(draft, text, true);
    linkSync(draft, join(root, markerName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    remove(draft);
  }
  for (const name of readdirSync(root).filter(isDraft))
    if (isOrphan(join(root, name), draftTime, Date.now())) remove(join(root, name));
}

/** Returns whether a name is a draft that a killed process left while it wrote a marker. */
export function isDraft(name: string): boolean {
  return name.startsWith(draftPrefix);
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The file is gone, or belongs to another user. Its name identifies it as a draft.
  }
}
