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
import { isDebris, ownerName, ownerOf } from '@runner-actions/host';
import { draftPrefix } from './probe.ts';
import { writeRecord } from './records.ts';
import { StoreUnusable } from './store-errors.ts';

/** The file in a store's root that says whose the folder is. What is in a folder without it is somebody's. */
export const markerName = 'runner-actions-store.json';
/** Of what the mark says; the format of entries has a folder of its own. */
const version = 1;
const text = `${JSON.stringify({ 'runner-actions': 'store', version })}\n`;
const maxMarkerBytes = 4096;
/** To make a mark is a matter of a moment. */
const draftTime = 3_600_000;

/** Windows knows neither. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * Whether the folder carries the mark.
 * @param isTrusted whether a mark of this user counts: whoever may make one makes a folder a store for others
 * @throws StoreUnusable for a mark that is a link, a stranger's, damaged, or of a newer version
 */
export function hasMarker(root: string, isTrusted: (user: number) => boolean): boolean {
  const path = join(root, markerName);
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ELOOP') throw new StoreUnusable(`The mark ${path} is a link. Remove it.`);
    throw error;
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > maxMarkerBytes)
      throw new StoreUnusable(`The mark ${path} is none of ours: no file, or a large one. Remove it.`);
    if (process.platform !== 'win32' && !isTrusted(stats.uid))
      throw new StoreUnusable(
        `The mark ${path} is of user ${stats.uid}, who could make any folder a store. Look what is in the folder, and remove the mark.`,
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
      `The mark ${path} is damaged. If the folder is a store, remove the mark: a new one is made.`,
    );
  if (found > version)
    throw new StoreUnusable(
      `The store of ${path} was made by a newer version of Runner Actions (${found}; this one knows ${version}). Use that version, or another root.`,
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
 * Marks a folder as a store. The mark appears with its content by one call: of two processes at once one makes it, and one that is
 * killed leaves a draft at most, whose name says so.
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
    if (isDebris(join(root, name), draftTime, Date.now())) remove(join(root, name));
}

/** What a process leaves that was killed while it made the mark. */
export function isDraft(name: string): boolean {
  return name.startsWith(draftPrefix);
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone, or another user's: its name says what it is.
  }
}
