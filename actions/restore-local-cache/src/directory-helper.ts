import { randomUUID } from 'node:crypto';
import {
  constants,
  copyFileSync,
  fchmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { answerRequest } from '@runner-actions/core';
import {
  pathInFolder,
  type Folder,
  listFolder,
  createInside,
  openFolder,
  openInside,
} from '@runner-actions/host';
import type { HelperRequest } from './levels/shared/directory-store.ts';
import type { Listed } from './levels/shared/object-store.ts';

const draftName = '.draft-';
/** Milliseconds. No transfer takes this long. */
const maxDraftAge = 24 * 3_600_000;
const chunkBytes = 1 << 20;

/** Windows has neither of these flags. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

// This process makes one call to a folder on a network file system, and may hang in it. Its exit closes the files that
// it opens.
const opened: Folder[] = [];
void answerRequest<HelperRequest>(
  (request) => handle(request, opened),
  (message) => readableMessage(message, opened),
);

/** Returns the message with real paths: calls in an open folder use the number of its file descriptor instead. */
function readableMessage(message: string, opened: readonly Folder[]): string {
  return opened.reduce(
    (text, folder) => text.replaceAll(String(pathInFolder(folder, '')), `${folder.path}/`),
    message,
  );
}

/**
 * Runs a request.
 * @param opened receives each folder that is opened
 */
function handle(request: HelperRequest, opened: Folder[]): unknown {
  const path = request.act === 'list' ? request.prefix : request.name;
  const [below, name] = [dirname(path), basename(path)];
  // The configured folder must exist: an unmounted network file system is not an empty one.
  opened.push(openFolder(request.folder));
  const isThere = openSubfolders(opened, below.split('/'), request.act === 'put');
  const parent = isThere ? opened.at(-1) : undefined;
  switch (request.act) {
    case 'list':
      return parent === undefined ? [] : list(parent, below, name);
    case 'has':
      return parent !== undefined && has(parent, name);
    case 'get':
      if (parent === undefined || !has(parent, name)) throw new Error(`${path} is gone`);
      return get(parent, name, request);
    case 'put':
      return put(request, [opened[0] as Folder, parent as Folder], name);
  }
}

/**
 * Opens the subfolders one after the other. Other writers may replace the subfolders by symlinks, so no symlink is
 * followed. Only the path of the configured folder itself is trusted.
 * @returns whether all of them exist or were created
 */
function openSubfolders(opened: Folder[], names: readonly string[], make: boolean): boolean {
  for (const name of names) {
    const at = opened.at(-1) as Folder;
    try {
      const folder = make ? createInside(at, name, 0o700) : openInside(at, name);
      opened.push(folder);
      if (make) copyGroupAccess(opened[0] as Folder, pathInFolder(folder, '.'), 0o2770);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && !make) return false;
      throw ['LINK', 'FILE', 'MOUNT'].includes(code) ? refusedEntry(at, name, message) : error;
    }
  }
  return true;
}

/**
 * Gives the group of the configured folder the access that the folder itself gives it, regardless of the umask.
 * @param bits the mode: exact for the owner, an upper limit for the group
 */
function copyGroupAccess(folder: Folder, path: Buffer, bits: number): void {
  try {
    const { gid, mode } = lstatSync(pathInFolder(folder, '.'));
    // Do not use the path: others could replace it meanwhile.
    const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const ofGroup = fstatSync(file).gid === gid ? bits & 0o2070 : 0;
    fchmodSync(file, (bits & 0o700) | (mode & ofGroup));
  } catch {
    // Ignored: the folder belongs to another user, or the file system has no modes.
  }
}

function refusedEntry(parent: Folder, name: string, what: string): Error {
  return new Error(`${join(parent.path, name)} is ${what}, which is not used: remove it`);
}

/** Returns whether the file exists. @throws Error if it is not a regular file */
function has(parent: Folder, name: string): boolean {
  const found = lstatSync(pathInFolder(parent, name), { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile())
    throw refusedEntry(parent, name, found.isSymbolicLink() ? 'a link' : 'not a file');
  return found !== undefined;
}

function get(parent: Folder, name: string, { file, most, cut }: HelperRequest & { act: 'get' }): void {
  const from = openSync(pathInFolder(parent, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const found = fstatSync(from);
  if (!found.isFile()) throw refusedEntry(parent, name, 'not a file');
  if (found.size > most && !cut)
    throw new Error(`${join(parent.path, name)} has ${found.size} bytes, which do not fit on the disk`);
  const to = openSync(file, 'wx', 0o600);
  const buffer = Buffer.alloc(Math.min(most, chunkBytes));
  // The loop is limited too: the file may grow during the read.
  for (let left = most, read = 1; left > 0 && read > 0; left -= read) {
    read = readSync(from, buffer, 0, Math.min(left, buffer.length), null);
    writeFileSync(to, buffer.subarray(0, read));
  }
}

function list(parent: Folder, below: string, start: string): Listed[] {
  return listFolder(parent)
    .filter(({ name }) => name.startsWith(start) && name.endsWith('.pack'))
    .flatMap(({ name }) => {
      const stats = lstatSync(pathInFolder(parent, name), { throwIfNoEntry: false });
      return stats?.isFile() === true ? [{ name: `${below}/${name}`, modified: stats.mtimeMs }] : [];
    });
}

/**
 * Removes drafts of helpers that were killed during a copy because it took too long. Drafts of other users are removed
 * if permissions allow it.
 */
function removeStaleDrafts(parent: Folder): void {
  for (const { name } of listFolder(parent).filter((one) => one.name.startsWith(draftName))) {
    const path = pathInFolder(parent, name);
    const modified = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - modified > maxDraftAge) remove(path);
  }
}

function remove(path: Buffer): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // In a folder with the sticky bit, only its owner can remove it.
  }
}

/**
 * Copies the file to a draft in the same folder, then moves it into place with one call, so that readers never see a
 * partial file.
 */
function put(
  { file, replace }: HelperRequest & { act: 'put' },
  [folder, parent]: readonly [Folder, Folder],
  name: string,
): 'saved' | 'exists' {
  if (has(parent, name) && !replace) return 'exists';
  removeStaleDrafts(parent);
  const [draft, path] = [pathInFolder(parent, `${draftName}${randomUUID()}`), pathInFolder(parent, name)];
  try {
    copyFileSync(file, draft, constants.COPYFILE_EXCL);
    copyGroupAccess(folder, draft, 0o660);
    if (!replace) return publish(draft, path);
    renameSync(draft, path);
    return 'saved';
  } finally {
    rmSync(draft, { force: true });
  }
}

function publish(draft: Buffer, path: Buffer): 'saved' | 'exists' {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
    // Some network file systems do not support hard links. There, the last of two savers wins, with the same key.
    renameSync(draft, path);
  }
  return 'saved';
}
