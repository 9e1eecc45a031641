import { accessSync, type BigIntStats, chmodSync, constants, lstatSync, utimesSync } from 'node:fs';
import { reasonFor } from './inaccessible.ts';
import { toBytes, toText } from './byte-paths.ts';
import { notLaterThan, settable } from './times.ts';

/** Why nothing can be put in a folder, for people; `undefined`: it may be written, is this user's own to open, or is not there. */
export function whyNotWritable(folder: string): string | undefined {
  const path = toBytes(folder);
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
 * Lets things be put in folders that stay the machine's: one of this user's own that may not be written is opened for that moment.
 * Then, and after a failure, each has its mode and its times back: what is added is as old as the entry, and a folder that is later
 * than it was would make build tools do all again. That something changed still shows in its time of change.
 * @param folders what is no folder, or not there, is passed over
 * @throws Error, before anything is changed, where one may not be written; from `act`
 */
export function withWritable<T>(folders: readonly string[], act: () => T): T {
  const all = [...new Set(folders)].flatMap((folder) => {
    const stats = lstatSync(toBytes(folder), { bigint: true, throwIfNoEntry: false });
    return stats?.isDirectory() === true ? [{ folder, stats }] : [];
  });
  for (const { folder } of all) {
    const why = whyNotWritable(folder);
    if (why !== undefined) throw new Error(`${toText(folder)} may not be written: ${why}`);
  }
  try {
    for (const { folder, stats } of all)
      if (isOwn(stats) && (stats.mode & 0o300n) !== 0o300n)
        chmodSync(toBytes(folder), Number(stats.mode & 0o7777n) | 0o300);
    return act();
  } finally {
    // What is in a folder first: the folder may not be passed then.
    for (const { folder, stats } of all.reverse()) restoreModeAndTimes(folder, stats);
  }
}

function isOwn({ uid }: BigIntStats): boolean {
  return Number(uid) === process.geteuid?.();
}

/** Only its owner may set the times of a folder, and another folder may be there by now. */
function restoreModeAndTimes(folder: string, before: BigIntStats): void {
  const path = toBytes(folder);
  try {
    const { ino, dev, mode } = lstatSync(path, { bigint: true });
    if (ino !== before.ino || dev !== before.dev) return;
    const [accessed, modified] = [before.atimeNs, before.mtimeNs].map((time) => settable(notLaterThan(time)));
    utimesSync(path, accessed as number, modified as number);
    if (mode !== before.mode) chmodSync(path, Number(before.mode & 0o7777n));
  } catch {
    // It stays as it is.
  }
}
