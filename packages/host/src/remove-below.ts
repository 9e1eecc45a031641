import { rmdirSync } from 'node:fs';
import { closeDirectory, type DirectoryHandle, entryPath, openDirectory } from './directory-handle.ts';
import type { Residue } from './removal.ts';
import { emptyDirectory } from './remove.ts';

/**
 * Removes the folder at the path `names` below `root`. Each folder of the path is held open before the next one is
 * looked up, and none may be a link. The owner of these folders therefore cannot redirect a process with more
 * privileges. Linux only.
 * @returns the first entry that could not be removed, and why; `undefined` if everything was removed
 */
export function removeBelow(root: string, names: readonly string[]): Residue | undefined {
  const path = [root, ...names].join('/');
  const last = names.at(-1) ?? '';
  if (names.some((name) => ['', '.', '..'].includes(name)))
    return { path, reason: 'it is not below the root folder' };
  const held: DirectoryHandle[] = [];
  try {
    let parent = openDirectory(root);
    held.push(parent);
    for (const name of names.slice(0, -1)) {
      parent = openDirectory(entryPath(parent, name), parent);
      held.push(parent);
    }
    const place = entryPath(parent, last).toString();
    closeDirectory(openDirectory(place, parent));
    const [first] = emptyDirectory(place).residue;
    if (first !== undefined) return { ...first, path: first.path.replace(place, path) };
    rmdirSync(place);
    return undefined;
  } catch (error) {
    return { path, reason: (error as Error).message };
  } finally {
    for (const handle of held) closeDirectory(handle);
  }
}
