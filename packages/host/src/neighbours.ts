import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isUnknown } from './maybe-unknown.ts';
import { isRemote, localPathOf } from './local-path.ts';
import { readMounts } from './mounts.ts';
import { readRunnerFile } from './runner-label.ts';

/** Number of entries beside a runner that are looked at. */
const maxNeighbours = 1000;

/**
 * Finds the other runners in the folders beside a runner's, without links. Asks no file system that may hang, such as a
 * network's.
 * @param root the runner's folder
 * @returns `undefined` if there are too many folders
 */
export function neighboursOf(root: string): string[] | undefined {
  const mounts = readMounts();
  const mayHang = isUnknown(mounts) ? () => false : isRemote(mounts, root);
  const own = localPathOf(root, root);
  try {
    const entries = readdirSync(dirname(own), { withFileTypes: true }).filter((entry) => !entry.isFile());
    if (entries.length > maxNeighbours) return undefined;
    const folders = entries.map(({ name }) => join(dirname(own), name)).filter((path) => !mayHang(path));
    const runners = folders.filter((folder) => readRunnerFile(folder) !== undefined);
    const real = new Set(runners.map((folder) => localPathOf(folder, root)));
    real.delete(own);
    return [...real];
  } catch {
    return [];
  }
}
