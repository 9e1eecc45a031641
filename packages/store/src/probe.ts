import {
  constants,
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isOrphan, readOwnerName } from '@runner-actions/host';
import { discard } from './discard.ts';
import { pathToBytes } from './byte-paths.ts';

/** What works between the store and the parent folder of a target. */
export interface Capabilities {
  /** Renames work: both are on the same file system and mount. */
  rename: boolean;
  /** Files can share blocks. */
  reflink: boolean;
}

/** Prefix of temporary names next to a target or a lock. */
export const draftPrefix = '.runner-actions-';

/**
 * Tests by trying what works: device numbers and file system types are not reliable (bind mounts, overlays, network).
 * Tests each folder once, because globs may match thousands of targets in one.
 * @param staging a folder in the store; `undefined` if the store is read-only: nothing works then
 * @param folders parent folders of the targets, one character per byte; they are created
 */
export function probeFolders(staging: string | undefined, folders: readonly string[]): Capabilities[] {
  const capabilities = new Map([...new Set(folders)].map((folder) => [folder, probeFolder(staging, folder)]));
  return folders.map((folder) => capabilities.get(folder) as Capabilities);
}

function probeFolder(staging: string | undefined, folder: string): Capabilities {
  mkdirSync(pathToBytes(folder), { recursive: true });
  sweepLeftovers(folder);
  if (staging === undefined) return { rename: false, reflink: false };
  const probe = join(staging, `probe-${randomUUID()}`);
  const [there, clone] = ['probe', 'clone'].map((name) =>
    pathToBytes(`${folder}/${draftPrefix}${name}-${randomUUID()}`),
  ) as [Buffer, Buffer];
  writeFileSync(probe, 'probe');
  const reflink = works(() => copyFileSync(probe, clone, constants.COPYFILE_FICLONE_FORCE));
  works(() => unlinkSync(clone));
  const rename = works(() => renameSync(probe, there));
  works(() => unlinkSync(rename ? there : probe));
  return { rename, reflink };
}

/** Returns whether a copy of this file in `folder`, a folder of the store, can share blocks. */
export function canReflink(file: string, folder: string): boolean {
  const clone = join(folder, `clone-${randomUUID()}`);
  const reflink = works(() => copyFileSync(pathToBytes(file), clone, constants.COPYFILE_FICLONE_FORCE));
  works(() => unlinkSync(clone));
  return reflink;
}

/** Removes the leftovers of killed restores next to a target. */
function sweepLeftovers(folder: string): void {
  for (const name of readdirSync(pathToBytes(folder), { encoding: 'latin1' })) {
    if (!isLeftoverName(name)) continue;
    const path = pathToBytes(`${folder}/${name}`);
    if (isOrphan(path.toString(), 24 * 3_600_000, Date.now())) discard(path);
  }
}

/** Returns whether the store gives such a name to temporary files. A user's files with similar names are the user's. */
export function isLeftoverName(name: string): boolean {
  if (!name.startsWith(draftPrefix)) return false;
  const isProbe = /^\.runner-actions-(probe|clone)-[\da-f-]{36}$/.test(name);
  return isProbe || readOwnerName(name.slice(draftPrefix.length)) !== undefined;
}

function works(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
