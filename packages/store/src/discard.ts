import { lstatSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { emptyDirectory, type Residue } from '@runner-actions/host';
import { mountsAt } from './mount-points.ts';

/**
 * Removes a file or a tree, including read-only folders. Files that cannot be removed remain.
 * @returns the first file that remains and why; `undefined` if all was removed
 */
export function discard(path: Buffer): Residue | undefined {
  const text = path.toString();
  try {
    // The name may not be UTF-8. Names below it are used as they are on disk.
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
    // The path is gone already, or belongs to another user.
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : { path: text, reason: message };
  }
}
