import { lstatSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Anchor, closeAnchor, makeWritable, openAnchor, refusal, within } from './directory-handle.ts';
import { decodeName } from './file-names.ts';

/**
 * A folder where strangers may have left anything. On Linux it is held open, so that what is done in it stays in it,
 * whatever becomes of its path; elsewhere it is its path.
 */
export interface Folder {
  /** Where it was when it was opened, without links. */
  path: string;
  anchor: Anchor | undefined;
}

/**
 * Opens a folder that the machine's owner named, links in its path followed.
 * @throws Error as `open` does
 */
export function openFolder(path: string): Folder {
  const real = realpathSync(path);
  return { path: real, anchor: process.platform === 'linux' ? openAnchor(real) : undefined };
}

/**
 * Opens a folder in an open one, as what it is said to be: a folder of its own, on the same mount.
 * @throws Error as `open` does; with the code LINK for a link, FILE for what is no folder, MOUNT for a mount
 */
export function openInside(parent: Folder, name: string | Buffer): Folder {
  const entry = entryOf(parent, name);
  const found = lstatSync(entry);
  if (!found.isDirectory()) throw refusal(found.isSymbolicLink() ? 'LINK' : 'FILE');
  const path = join(parent.path, name.toString());
  if (parent.anchor !== undefined) return { path, anchor: passable(openAnchor(entry, parent.anchor)) };
  if (found.dev !== lstatSync(parent.path).dev) throw refusal('MOUNT');
  return { path, anchor: undefined };
}

/** A folder of our own that may be listed but not passed is opened for us, as `openAnchor` does when it may not be read. */
function passable(anchor: Anchor): Anchor {
  try {
    if (!mayPass(anchor)) makeWritable(anchor);
    return anchor;
  } catch (error) {
    closeAnchor(anchor);
    throw error;
  }
}

function mayPass(anchor: Anchor): boolean {
  try {
    lstatSync(within(anchor, '.'));
    return true;
  } catch {
    return false;
  }
}

/**
 * The same, of a folder that is made where it is not there.
 * @param mode of a new one
 */
export function makeInside(parent: Folder, name: string | Buffer, mode: number): Folder {
  try {
    mkdirSync(entryOf(parent, name), { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return openInside(parent, name);
}

export function closeFolder({ anchor }: Folder): void {
  if (anchor !== undefined) closeAnchor(anchor);
}

/** The path of an entry, for calls that do not follow it when it is a link. */
export function entryOf({ path, anchor }: Folder, name: string | Buffer): Buffer {
  return anchor === undefined
    ? Buffer.concat([Buffer.from(`${path}/`), Buffer.from(name)])
    : within(anchor, name);
}

export interface Entry {
  /** As `decodeName` has it. */
  name: string;
  isDirectory: boolean;
}

export function listFolder(folder: Folder): Entry[] {
  const entries = readdirSync(entryOf(folder, '.'), { withFileTypes: true, encoding: 'buffer' });
  return entries.map((entry) => ({ name: decodeName(entry.name), isDirectory: entry.isDirectory() }));
}
