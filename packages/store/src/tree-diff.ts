import { chmodSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { kindOf, type Row, rowsOf } from './inventory.ts';
import { baseOf, below, parentOf, pathToBytes, toPath, pathToText } from './byte-paths.ts';
import type { OnProgress } from './progress.ts';
import { mountsAt } from './mount-points.ts';

/** A copy contains something that is not the store's: a mount point or a device. */
export class ForeignMount extends Error {
  override readonly name = 'ForeignMount';
}

/**
 * Checks that nothing is mounted at or below a path.
 * @throws ForeignMount
 */
export function expectNoMounts(path: string): void {
  const { isMount, below: mounts } = mountsAt(path);
  const mount = isMount ? '' : mounts[0];
  if (mount !== undefined)
    throw new ForeignMount(`something is mounted at ${pathToText(below(path, mount))}, which stays`);
}

export interface Difference {
  /** Paths that were changed, replaced or removed. */
  stale: Set<string>;
  added: string[];
  /** Folders whose mode was changed. */
  modes: string[];
  /** Number of files, folders and symlinks in the inventory. */
  items: number;
}

/**
 * Compares a tree with its recorded inventory. A change shows in an inode's number, size or change time. The inventory
 * is read row by row and not kept in memory. A folder that has not changed needs no listing.
 * @param recordedLines lines of the inventory, known to be those that were written
 * @param untouched whether the job left the root's inode as the restore put it. The rename into place changed its change
 * time, so that it cannot be compared with the recorded one
 * @throws ForeignMount
 */
export function compareTree(
  root: string,
  recordedLines: readonly string[],
  untouched: boolean,
  tick: OnProgress | undefined,
): Difference {
  const difference: Difference = { stale: new Set(), added: [], modes: [], items: 0 };
  const { stale } = difference;
  /** For folders that were listed: the names without a row so far. */
  const unseen = new Map<string, Set<string>>();
  const { dev } = lstatSync(pathToBytes(root));
  const user = process.geteuid?.();
  for (const lines of recordedLines) {
    for (const row of rowsOf(lines)) {
      const [kind, path] = row;
      difference.items += 1;
      const parent = parentOf(path);
      if (path !== '') unseen.get(parent)?.delete(baseOf(path));
      // A changed folder includes its contents.
      const stats =
        stale.size > 0 && path !== '' && stale.has(parent)
          ? undefined
          : statInTree(below(root, path), path, dev);
      tick?.(1, 0);
      const isRootFile = path === '' && kind !== 'directory';
      if (stats === undefined || (isRootFile ? !untouched : !isSame(stats, row, user))) stale.add(path);
      else if (kind === 'directory') {
        if ((stats.mode & 0o7777) !== row[2]) difference.modes.push(path);
        if (path === '' || !hasSameNames(stats, row)) unseen.set(path, namesIn(below(root, path), stats));
      }
    }
  }
  for (const [folder, names] of unseen)
    for (const name of names) {
      const path = below(folder, name);
      statInTree(below(root, path), path, dev);
      difference.added.push(path);
    }
  return difference;
}

/**
 * Returns `undefined` if nothing is there.
 * @throws ForeignMount
 */
function statInTree(full: string, path: string, device: number): Stats | undefined {
  const stats = lstatSync(toPath(full), { throwIfNoEntry: false });
  if (stats !== undefined && (stats.dev !== device || stats.isBlockDevice() || stats.isCharacterDevice()))
    throw new ForeignMount(`${pathToText(path)} in it is a device, or on another file system`);
  return stats;
}

function isSame(stats: Stats, [kind, , , size, , inode, changed]: Row, user: number | undefined): boolean {
  if (kindOf(stats) !== kind || (user !== undefined && stats.uid !== user)) return false;
  if (kind === 'directory') return true;
  return stats.ino === inode && stats.ctimeMs === changed && (kind === 'link' || stats.size === size);
}

/** Adding or removing a file changes the folder's time, but not on every Windows file system. */
function hasSameNames(stats: Stats, [, , , , , inode, changed]: Row): boolean {
  return process.platform !== 'win32' && stats.ino === inode && stats.ctimeMs === changed;
}

/** Lists a folder. Restores the permissions first if the job removed them. */
function namesIn(folder: string, stats: Stats): Set<string> {
  const path = pathToBytes(folder);
  if ((stats.mode & 0o500) !== 0o500) chmodSync(path, (stats.mode & 0o777) | 0o700);
  return new Set(readdirSync(path, { encoding: 'latin1' }));
}
