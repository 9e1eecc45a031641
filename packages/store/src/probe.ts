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
import { isDebris, readOwnerName } from '@runner-actions/host';
import { discard } from './discard.ts';
import { toBytes } from './byte-paths.ts';

/** What works between the store and the folder of a target. */
export interface Capabilities {
  /** A rename from one to the other: the same file system, and the same mount. */
  rename: boolean;
  /** Files can share their blocks. */
  reflink: boolean;
}

/** The beginning of the names of what stands beside a target, or a lock, for a moment. */
export const draftPrefix = '.runner-actions-';

/**
 * Tries it: neither device numbers nor types of file systems tell it for sure (bind mounts, overlays, network). Once for each
 * folder: globs may name thousands of targets in one.
 * @param staging a folder in the store; `undefined` where it may only be read: then nothing reaches
 * @param folders where things are to get to, a character for each byte; they are made
 */
export function probeFolders(staging: string | undefined, folders: readonly string[]): Capabilities[] {
  const capabilities = new Map([...new Set(folders)].map((folder) => [folder, probeFolder(staging, folder)]));
  return folders.map((folder) => capabilities.get(folder) as Capabilities);
}

function probeFolder(staging: string | undefined, folder: string): Capabilities {
  mkdirSync(toBytes(folder), { recursive: true });
  sweepLeftovers(folder);
  if (staging === undefined) return { rename: false, reflink: false };
  const probe = join(staging, `probe-${randomUUID()}`);
  const [there, clone] = ['probe', 'clone'].map((name) =>
    toBytes(`${folder}/${draftPrefix}${name}-${randomUUID()}`),
  ) as [Buffer, Buffer];
  writeFileSync(probe, 'probe');
  const reflink = works(() => copyFileSync(probe, clone, constants.COPYFILE_FICLONE_FORCE));
  works(() => unlinkSync(clone));
  const rename = works(() => renameSync(probe, there));
  works(() => unlinkSync(rename ? there : probe));
  return { rename, reflink };
}

/** Whether a copy of this file in `folder`, of the store, can share its blocks. */
export function canReflink(file: string, folder: string): boolean {
  const clone = join(folder, `clone-${randomUUID()}`);
  const reflink = works(() => copyFileSync(toBytes(file), clone, constants.COPYFILE_FICLONE_FORCE));
  works(() => unlinkSync(clone));
  return reflink;
}

/** Removes what killed restores left beside a target. */
function sweepLeftovers(folder: string): void {
  for (const name of readdirSync(toBytes(folder), { encoding: 'latin1' })) {
    if (!isLeftoverName(name)) continue;
    const path = toBytes(`${folder}/${name}`);
    if (isDebris(path.toString(), 24 * 3_600_000, Date.now())) discard(path);
  }
}

/** Whether a name is one that we make beside a target. What a user calls alike is the user's. */
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
