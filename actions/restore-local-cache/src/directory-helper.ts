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
import { entryOf, type Folder, listFolder, makeInside, openFolder, openInside } from '@runner-actions/host';
import type { HelperReply, HelperRequest } from './levels/shared/directory-store.ts';
import type { Listed } from './levels/shared/object-store.ts';

const draftName = '.draft-';
/** No transfer takes as long. */
const maxDraftAge = 24 * 3_600_000;
const chunkBytes = 1 << 20;

/** Windows knows neither. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

// One call to a folder on a network file system, in a process that may hang in it. What it opens, its end closes.
const reply = answer(JSON.parse(process.argv[2] ?? '{}') as HelperRequest);
process.stdout.write(`${JSON.stringify(reply)}\n`);

function answer(request: HelperRequest): HelperReply {
  const opened: Folder[] = [];
  try {
    return { ok: true, result: handle(request, opened) };
  } catch (error) {
    return { ok: false, message: readableMessage(error as Error, opened) };
  }
}

/** The message with paths as people know them: what is done in an open folder is done by its number. */
function readableMessage({ message }: Error, opened: readonly Folder[]): string {
  return opened.reduce(
    (text, folder) => text.replaceAll(String(entryOf(folder, '')), `${folder.path}/`),
    message,
  );
}

/** @param opened gets what was opened on the way */
function handle(request: HelperRequest, opened: Folder[]): unknown {
  const path = request.act === 'list' ? request.prefix : request.name;
  const [below, name] = [dirname(path), basename(path)];
  // The folder itself must be there: a network file system that is not mounted is not an empty one.
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
 * Opens one folder in the other. Those below the first, which was configured, may be links that other writers put there: none is
 * followed.
 * @returns whether all are there, or were made
 */
function openSubfolders(opened: Folder[], names: readonly string[], make: boolean): boolean {
  for (const name of names) {
    const at = opened.at(-1) as Folder;
    try {
      const folder = make ? makeInside(at, name, 0o700) : openInside(at, name);
      opened.push(folder);
      if (make) copyGroupAccess(opened[0] as Folder, entryOf(folder, '.'), 0o2770);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && !make) return false;
      throw ['LINK', 'FILE', 'MOUNT'].includes(code) ? refusedEntry(at, name, message) : error;
    }
  }
  return true;
}

/**
 * Opens what this user made to the group of the folder that was configured, as far as the folder itself is, whatever the umask says.
 * @param bits of its user, and at most of the group
 */
function copyGroupAccess(folder: Folder, path: Buffer, bits: number): void {
  try {
    const { gid, mode } = lstatSync(entryOf(folder, '.'));
    // Not by its path, where others could put something else meanwhile.
    const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const ofGroup = fstatSync(file).gid === gid ? bits & 0o2070 : 0;
    fchmodSync(file, (bits & 0o700) | (mode & ofGroup));
  } catch {
    // Another user's folder, or a file system without modes.
  }
}

function refusedEntry(parent: Folder, name: string, what: string): Error {
  return new Error(`${join(parent.path, name)} is ${what}, which is not used: remove it`);
}

/** @throws Error for what is no file */
function has(parent: Folder, name: string): boolean {
  const found = lstatSync(entryOf(parent, name), { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile())
    throw refusedEntry(parent, name, found.isSymbolicLink() ? 'a link' : 'no file');
  return found !== undefined;
}

function get(parent: Folder, name: string, { file, most, cut }: HelperRequest & { act: 'get' }): void {
  const from = openSync(entryOf(parent, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const found = fstatSync(from);
  if (!found.isFile()) throw refusedEntry(parent, name, 'no file');
  if (found.size > most && !cut)
    throw new Error(`${join(parent.path, name)} has ${found.size} bytes, for which there is no room`);
  const to = openSync(file, 'wx', 0o600);
  const buffer = Buffer.alloc(Math.min(most, chunkBytes));
  // Bounded by itself too: the file may grow while it is read.
  for (let left = most, read = 1; left > 0 && read > 0; left -= read) {
    read = readSync(from, buffer, 0, Math.min(left, buffer.length), null);
    writeFileSync(to, buffer.subarray(0, read));
  }
}

function list(parent: Folder, below: string, start: string): Listed[] {
  return listFolder(parent)
    .filter(({ name }) => name.startsWith(start) && name.endsWith('.pack'))
    .flatMap(({ name }) => {
      const stats = lstatSync(entryOf(parent, name), { throwIfNoEntry: false });
      return stats?.isFile() === true ? [{ name: `${below}/${name}`, modified: stats.mtimeMs }] : [];
    });
}

/** Removes what helpers left that were killed in the middle of a copy, since it took too long; of other users what it may. */
function removeStaleDrafts(parent: Folder): void {
  for (const { name } of listFolder(parent).filter((one) => one.name.startsWith(draftName))) {
    const path = entryOf(parent, name);
    const modified = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - modified > maxDraftAge) remove(path);
  }
}

function remove(path: Buffer): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // In a folder with the sticky bit, that is its user's matter.
  }
}

/** Copied beside, then put into its place by one call, so that a reader sees all of it or nothing. */
function put(
  { file, replace }: HelperRequest & { act: 'put' },
  [folder, parent]: readonly [Folder, Folder],
  name: string,
): 'saved' | 'exists' {
  if (has(parent, name) && !replace) return 'exists';
  removeStaleDrafts(parent);
  const [draft, path] = [entryOf(parent, `${draftName}${randomUUID()}`), entryOf(parent, name)];
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
    // Not every network file system has links; the last of two savers wins there, with the same key.
    renameSync(draft, path);
  }
  return 'saved';
}
