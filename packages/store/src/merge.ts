import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { finishDirectories } from './tree-writer.ts';
import { kindOf } from './inventory.ts';
import { type Item } from './item.ts';
import { below, parentOf, pathToBytes } from './byte-paths.ts';
import { moveTree } from './swap.ts';
import { expectNotMounted } from './missing-items.ts';
import { mountsAt } from './mount-points.ts';

/**
 * Merges a staged tree on the target's file system into the target: replaces files of the same name and keeps the rest.
 * Never writes through a symlink. A reader may see a part of it, because it takes several renames.
 * @param aside a folder on the same file system, which is created, for obstacles such as a symlink in place of a
 * folder. `undefined`: an obstacle is an error.
 * @throws Error from the file system; Error before anything is changed if the tree has files at a mount point
 */
export function mergeInto(
  staged: string,
  target: string,
  items: readonly Item[],
  aside: string | undefined,
): void {
  const mounts = mountsAt(target).below;
  for (const { path } of items) expectNotMounted(mounts, path, below(target, path));
  mkdirSync(pathToBytes(parentOf(target) || '/'), { recursive: true });
  if (aside !== undefined) mkdirSync(pathToBytes(aside), { recursive: true });
  const made = items.filter((item) => {
    const path = pathToBytes(below(target, item.path));
    const stats = lstatSync(path, { throwIfNoEntry: false });
    const kind = stats === undefined ? undefined : kindOf(stats);
    if (item.kind === 'directory' && kind === 'directory') return false;
    if (aside !== undefined && stats !== undefined && (item.kind === 'directory' || kind === 'directory'))
      moveTree(below(target, item.path), below(aside, randomUUID()));
    if (item.kind === 'directory') mkdirSync(path, { mode: 0o700 });
    else renameSync(pathToBytes(below(staged, item.path)), path);
    return item.kind === 'directory';
  });
  finishDirectories(target, made);
}

/** Returns the existing folders of a target into which a merge puts something. */
export function foldersFor(target: string, items: readonly Item[]): string[] {
  const folders = new Set<string>();
  const made = new Set<string>();
  for (const { kind, path } of items) {
    const full = below(target, path);
    const isNew = made.has(parentOf(path));
    const stats = isNew ? undefined : lstatSync(pathToBytes(full), { throwIfNoEntry: false });
    if (kind === 'directory' && stats?.isDirectory() === true) continue;
    made.add(path);
    if (!isNew) folders.add(parentOf(full));
  }
  return [...folders];
}
