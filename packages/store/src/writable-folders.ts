import { accessSync, type BigIntStats, chmodSync, constants, lstatSync, utimesSync } from 'node:fs';
import { reasonFor } from './inaccessible.ts';
import { pathToBytes, pathToText } from './byte-paths.ts';
import { notLaterThan, settable } from './times.ts';

/**
 * Returns why nothing can be put in a folder, for messages. `undefined` if it is writable, belongs to this user, or
 * does not exist.
 */
export function whyNotWritable(folder: string): string | undefined {
  const path = pathToBytes(folder);
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    const isOwn = code === 'EACCES' && stats?.uid === process.geteuid?.();
    return stats === undefined || isOwn ? undefined : reasonFor(path, error);
  }
}

/**
 * Runs `act`, which puts things in existing folders. A read-only folder of this user gets write permission meanwhile.
 * Afterwards, also after a failure, each folder gets its mode and times back: a newer folder would make build tools
 * rebuild everything. The change still shows in its change time.
 * @param folders paths that are missing or not folders are skipped
 * @throws Error before anything is changed if a folder may not be written; what `act` throws
 */
export function withWritable<T>(folders: readonly string[], act: () => T): T {
  const all = [...new Set(folders)].flatMap((folder) => {
    const stats = lstatSync(pathToBytes(folder), { bigint: true, throwIfNoEntry: false });
    return stats?.isDirectory() === true ? [{ folder, stats }] : [];
  });
  for (const { folder } of all) {
    const why = whyNotWritable(folder);
    if (why !== undefined) throw new Error(`${pathToText(folder)} may not be written: ${why}`);
  }
  try {
    for (const { folder, stats } of all)
      if (isOwn(stats) && (stats.mode & 0o300n) !== 0o300n)
        chmodSync(pathToBytes(folder), Number(stats.mode & 0o7777n) | 0o300);
    return act();
  } finally {
    // Restore inner folders first: the outer folder may become inaccessible.
    for (const { folder, stats } of all.reverse()) restoreModeAndTimes(folder, stats);
  }
}

function isOwn({ uid }: BigIntStats): boolean {
  return Number(uid) === process.geteuid?.();
}

/**
 * Restores a folder's mode and times. Only its owner may set the times. If another folder is at its place by now,
 * nothing is changed.
 */
function restoreModeAndTimes(folder: string, before: BigIntStats): void {
  const path = pathToBytes(folder);
  try {
    const { ino, dev, mode } = lstatSync(path, { bigint: true });
    if (ino !== before.ino || dev !== before.dev) return;
    const [accessed, modified] = [before.atimeNs, before.mtimeNs].map((time) => settable(notLaterThan(time)));
    utimesSync(path, accessed as number, modified as number);
    if (mode !== before.mode) chmodSync(path, Number(before.mode & 0o7777n));
  } catch {
    // The folder stays as it is.
  }
}
