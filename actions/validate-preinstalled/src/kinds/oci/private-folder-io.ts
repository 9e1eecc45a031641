import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyDirectory, isDead, ownerName, ownerOf, readOwnerName } from '@runner-actions/host';

/**
 * Returns the folder of this user for containers of the check. It is not in the runner's `_temp`, which is emptied between
 * jobs: a container of a killed check could then not be found again.
 * @throws Error if another user made it, or if it cannot be made
 */
export async function ownFolder(parent = tmpdir()): Promise<string> {
  // A container may run the job as a user without a name, so the user is not looked up.
  const uid = process.getuid?.() ?? 0;
  const path = join(parent, `runner-actions-oci-${uid}`);
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const entry = await lstat(path);
  if (!entry.isDirectory() || entry.uid !== uid || (entry.mode & 0o022) !== 0)
    throw new Error(`${path} is not a folder that only this user can write`);
  return path;
}

/** Makes a folder whose name holds this process as its owner. The name is the container's id too. */
export async function makePrivateFolder(own: string): Promise<{ id: string; path: string }> {
  const id = `oci-${ownerName(ownerOf(process.pid))}_${randomBytes(4).toString('hex')}`;
  const path = join(own, id);
  await mkdir(path, { mode: 0o700 });
  return { id, path };
}

/** Lists the folders of checks that have ended without removing them. */
export async function leftovers(own: string): Promise<readonly { id: string; path: string }[]> {
  const names = await readdir(own);
  return names
    .filter((name) => {
      const owner = name.startsWith('oci-') ? readOwnerName(name) : undefined;
      return owner !== undefined && isDead(owner) === true;
    })
    .map((id) => ({ id, path: join(own, id) }));
}

/** Removes a folder with everything in it, but never enters a mount. Leaves it if something is still mounted there. */
export async function removePrivateFolder(path: string): Promise<void> {
  try {
    emptyDirectory(path);
    await rmdir(path);
  } catch {
    // The next check tries again, since the owner has then ended.
  }
}
