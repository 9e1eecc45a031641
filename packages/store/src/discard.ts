import { lstatSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { emptyDirectory } from '@runner-actions/host';

/** Removes a file or a tree, read-only folders included. What cannot be removed stays: it is in nobody's way. */
export function discard(path: Buffer): void {
  try {
    if (!lstatSync(path).isDirectory()) return unlinkSync(path);
    // Its name may not be UTF-8: below, names are taken from the disk as they are.
    if (!path.equals(Buffer.from(path.toString()))) return rmSync(path, { recursive: true, force: true });
    emptyDirectory(path.toString());
    rmdirSync(path);
  } catch {
    // Gone already, or another user's.
  }
}
