import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { emptyDirectory } from '@runner-actions/host';

/** Removes a file or a tree, read-only folders included. What cannot be removed stays: it is in nobody's way. */
export function discard(path: Buffer): void {
  try {
    if (!lstatSync(path).isDirectory()) return unlinkSync(path);
    emptyDirectory(path.toString());
    rmdirSync(path);
  } catch {
    // Gone already, or another user's.
  }
}
