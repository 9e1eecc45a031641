import { lstatSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import { type Anchor, closeAnchor, makeWritable, openAnchor, within } from './anchored.ts';

/** What could not be removed, and why. */
export interface Residue {
  path: string;
  reason: string;
}

export interface Removal {
  files: number;
  directories: number;
  /** Blocks that were given back: a file with further hard links gives none. */
  freedBytes: number;
  residue: Residue[];
  /** False when the deadline came first; what is left can be removed by another call. */
  finished: boolean;
}

export interface RemoveOptions {
  deadline?: Deadline;
  /** Whether to keep an entry, by its path relative to the directory. A directory that is kept is kept whole. */
  keep?: (path: string, isDirectory: boolean) => 'keep' | 'remove' | 'look inside';
}

interface Walk {
  root: Anchor;
  options: RemoveOptions;
  removal: Removal;
  /** Directories that were moved up to the top, still to be removed. */
  hoisted: Buffer[];
}

/** Deeper directories are moved up first, so that no tree, however deep, runs out of handles or stack. */
const deepest = 100;

/**
 * Removes what is in a directory; the directory itself stays. It works on open directories, so that a link swapped in
 * meanwhile cannot lead it elsewhere; it never enters another mount, not even a bind mount of the same file system; it
 * removes links, and does not follow them. Elsewhere than on Linux it uses Node's own removal, entry by entry.
 * @throws Error when the directory itself cannot be opened
 */
export function emptyDirectory(path: string, options: RemoveOptions = {}): Removal {
  const removal: Removal = { files: 0, directories: 0, freedBytes: 0, residue: [], finished: true };
  if (process.platform !== 'linux') return emptyByPath(path, options, removal);
  const root = openAnchor(path);
  try {
    const walk: Walk = { root, options, removal, hoisted: [] };
    emptyAnchored(walk, root, Buffer.from(path), '', 0);
    for (let name = walk.hoisted.pop(); name !== undefined; name = walk.hoisted.pop()) {
      const place = {
        name,
        path: Buffer.from(join(path, name.toString())),
        relative: name.toString(),
        isDirectory: true,
      };
      removeEntry(walk, root, place, 0);
    }
    return removal;
  } finally {
    closeAnchor(root);
  }
}

/** Whether the directory is empty now. */
function emptyAnchored(
  walk: Walk,
  directory: Anchor,
  path: Buffer,
  relative: string,
  depth: number,
): boolean {
  let empty = true;
  const entries = retryWritable(directory, () =>
    readdirSync(within(directory, '.'), { withFileTypes: true, encoding: 'buffer' }),
  );
  for (const entry of entries) {
    if (walk.options.deadline?.remaining() === 0) {
      walk.removal.finished = false;
      return false;
    }
    const place: Place = {
      name: entry.name,
      path: Buffer.concat([path, Buffer.from('/'), entry.name]),
      relative: relative === '' ? entry.name.toString() : `${relative}/${entry.name.toString()}`,
      isDirectory: entry.isDirectory(),
    };
    empty = removeEntry(walk, directory, place, depth) && empty;
  }
  return empty;
}

interface Place {
  name: Buffer;
  path: Buffer;
  relative: string;
  isDirectory: boolean;
}

/** Whether the entry is gone. */
function removeEntry(walk: Walk, directory: Anchor, place: Place, depth: number): boolean {
  const verdict = walk.options.keep?.(place.relative, place.isDirectory) ?? 'remove';
  if (verdict === 'keep') return false;
  try {
    if (place.isDirectory) return removeDirectory(walk, directory, place, depth);
    if (verdict === 'look inside') return false;
    removeFile(walk, directory, place.name);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    walk.removal.residue.push({ path: place.path.toString(), reason: explain(code) ?? message });
    return false;
  }
}

function removeFile({ removal }: Walk, directory: Anchor, name: Buffer): void {
  const path = within(directory, name);
  const { blocks, nlink } = retryWritable(directory, () => lstatSync(path));
  retryWritable(directory, () => unlinkSync(path));
  removal.files += 1;
  if (nlink === 1) removal.freedBytes += blocks * 512;
}

function removeDirectory(walk: Walk, parent: Anchor, place: Place, depth: number): boolean {
  if (depth >= deepest && walk.options.keep === undefined) return hoist(walk, parent, place);
  const directory = openAnchor(within(parent, place.name), walk.root.mount);
  try {
    if (!emptyAnchored(walk, directory, place.path, place.relative, depth + 1)) return false;
  } finally {
    closeAnchor(directory);
  }
  retryWritable(parent, () => rmdirSync(within(parent, place.name)));
  walk.removal.directories += 1;
  return true;
}

/** Moves a directory that is very deep to the top, to be removed from there. */
function hoist({ root, hoisted }: Walk, parent: Anchor, { name }: Place): boolean {
  const unique = Buffer.from(`.removing-${randomUUID()}`);
  const directory = openAnchor(within(parent, name), root.mount);
  try {
    // A directory that gets another parent must be writable itself: its `..` changes.
    makeWritable(directory);
    retryWritable(parent, () => renameSync(within(parent, name), within(root, unique)));
  } finally {
    closeAnchor(directory);
  }
  hoisted.push(unique);
  return true;
}

function retryWritable<T>(directory: Anchor, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    // Another clean-up may have done the same just now: that it is writable does not say that it was.
    makeWritable(directory);
    return act();
  }
}

function explain(code: string | undefined): string | undefined {
  const reasons: Record<string, string> = {
    MOUNT: 'another file system is mounted there',
    EBUSY: 'something is mounted there, or it is in use',
    EACCES: 'no permission: it belongs to another user',
    EPERM: 'not permitted: it is immutable, or belongs to another user',
    EROFS: 'the file system is read-only',
    ENOTEMPTY: 'something was added meanwhile',
    ELOOP: 'it became a link meanwhile',
    ENOTDIR: 'it became something else meanwhile',
  };
  return code === undefined ? undefined : reasons[code];
}

/** What can be done where no directory can be held open. Freed bytes are not counted. */
function emptyByPath(path: string, options: RemoveOptions, removal: Removal, relative = ''): Removal {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (options.deadline?.remaining() === 0) {
      removal.finished = false;
      return removal;
    }
    const own = relative === '' ? entry.name : `${relative}/${entry.name}`;
    const verdict = options.keep?.(own, entry.isDirectory()) ?? 'remove';
    if (verdict === 'keep' || (verdict === 'look inside' && !entry.isDirectory())) continue;
    const place = join(path, entry.name);
    try {
      if (verdict === 'look inside') {
        emptyByPath(place, options, removal, own);
        if (readdirSync(place).length > 0) continue;
      }
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
      removal[entry.isDirectory() ? 'directories' : 'files'] += 1;
    } catch (error) {
      removal.residue.push({ path: place, reason: (error as Error).message });
    }
  }
  return removal;
}
