import { lstatSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { emptyDirectory, type Residue } from '@runner-actions/host';
import { mountsAt } from './mount-points.ts';

/**
 * Removes a file or a tree, read-only folders included. What cannot be removed stays: it is in nobody's way.
 * @returns the first thing that stays, and why; `undefined`: nothing does
 */
export function discard(path: Buffer): Residue | undefined {
  const text = path.toString();
  try {
    // Its name may not be UTF-8: below, names are taken from the disk as they are.
    if (!lstatSync(path).isDirectory()) unlinkSync(path);
    else if (!path.equals(Buffer.from(text))) rmSync(path, { recursive: true, force: true });
    else if (mountsAt(text).isMount) return { path: text, reason: 'something is mounted there' };
    else {
      const [first] = emptyDirectory(text).residue;
      if (first !== undefined) return first;
      rmdirSync(path);
    }
    return undefined;
  } catch (error) {
    // Gone already, or another user's.
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : { path: text, reason: message };
  }
}
