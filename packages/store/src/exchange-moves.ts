import { lstatSync, readdirSync } from 'node:fs';
import { below, pathToBytes, pathToText } from './byte-paths.ts';
import { isLeftoverName } from './probe.ts';
import { exists, type Move } from './swap.ts';
import { mountsAt } from './mount-points.ts';

/**
 * Returns the renames that replace the contents of the folder `target` with those of `staged`. The folder itself, mount
 * points in it, and the folders on the way to them stay.
 * @param newBackupPath returns a new path for each replaced item
 * @throws Error if the staged tree has files at a mount point
 */
export function exchangeMoves(staged: string, target: string, newBackupPath: () => string): Move[] {
  const mounts = mountsAt(target).below;
  const containsMount = (path: string): boolean =>
    mounts.some((mount) => mount === path || mount.startsWith(`${path}/`));
  const moves: Move[] = [];
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const there = namesIn(below(target, folder));
    const wanted = namesIn(below(staged, folder));
    for (const name of new Set([...there, ...wanted])) {
      const path = below(folder, name);
      const [from, to] = [below(staged, path), below(target, path)];
      if (there.includes(name) && containsMount(path)) {
        if (wanted.includes(name)) expectFolderAround(from, to, mounts.includes(path));
        if (!mounts.includes(path)) open.push(path);
        continue;
      }
      moves.push({ ...(wanted.includes(name) ? { staged: from } : {}), target: to, old: newBackupPath() });
    }
  }
  return moves;
}

/** Returns the names in a folder, without leftovers of restores. */
function namesIn(folder: string): string[] {
  if (!exists(folder)) return [];
  return readdirSync(pathToBytes(folder), { encoding: 'latin1' }).filter((name) => !isLeftoverName(name));
}

function expectFolderAround(staged: string, target: string, isMount: boolean): void {
  if (!isMount && lstatSync(pathToBytes(staged)).isDirectory()) return;
  throw new Error(`something is mounted at ${pathToText(target)}, where the entry has files`);
}
