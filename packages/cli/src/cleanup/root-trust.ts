import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRemote, isUnknown, localPathOf, readMounts } from '@runner-actions/host';

/** The folder of a runner and its work folder, without links. */
interface Folders {
  root: string;
  work: string;
  /** The uid that owns the open work folder. */
  owner: number;
}

/**
 * Returns why root must not clean a runner, as a sentence without its end; `undefined` if it may. Whoever can write the
 * file `.runner`, or put a link in the place of the work folder, can lead root to any folder of this machine. So all of
 * it must belong to one user, who then only loses files of his own, or only root may be able to change it.
 */
export function whyNotAsRoot({ root, work, owner }: Folders): string | undefined {
  const [rootOwner, fileOwner] = [root, join(root, '.runner')].map((path) => lstatSync(path).uid);
  if (rootOwner === 0)
    return isRootsAlone(root)
      ? undefined
      : `${root} belongs to root, but others can change it or the way to it, and so lead root to any folder`;
  if (fileOwner === rootOwner && owner === rootOwner) return undefined;
  const owners = `${root}, its file .runner and ${work} belong to the users with the uids ${rootOwner}, ${fileOwner} and ${owner}`;
  return `${owners}, of which one could lead root to any folder. Give all three to one user`;
}

/** Returns whether root alone can change a runner's folder, its file `.runner`, and the way to it. */
function isRootsAlone(root: string): boolean {
  for (let path = root; ; path = dirname(path)) {
    const { uid, mode } = lstatSync(path);
    // In a folder with the sticky bit, such as /tmp, others cannot replace what belongs to root.
    const isSticky = path !== root && (mode & 0o1000) !== 0;
    if (uid !== 0 || ((mode & 0o022) !== 0 && !isSticky)) return false;
    if (path === dirname(path)) break;
  }
  const file = lstatSync(join(root, '.runner'));
  return file.isFile() && file.uid === 0 && (file.mode & 0o022) === 0;
}

/**
 * Returns why root must not even open a work folder: its file system may never answer, and then no other runner would be
 * cleaned.
 */
export function whyNotOpen(root: string, work: string): string | undefined {
  const mounts = readMounts();
  if (isUnknown(mounts)) return undefined;
  const path = localPathOf(work, root);
  return isRemote(mounts, root)(path)
    ? `its work folder ${path} is on a network or FUSE file system, which may not answer. Run this command as the runner's user`
    : undefined;
}
