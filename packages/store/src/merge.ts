import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { finishDirectories } from './tree-writer.ts';
import { kindOf } from './inventory.ts';
import { type Item } from './item.ts';
import { below, parentOf, toBytes } from './byte-paths.ts';
import { moveTree } from './swap.ts';
import { expectNotMounted } from './missing-items.ts';
import { mountsAt } from './mount-points.ts';

/**
 * Adds a tree that is ready on the target's file system to what is in the target: files of the same name are replaced, the rest
 * stays. Nothing is written through a link. Not by one rename: a reader may see half.
 * @param aside a folder for what is in the way, a link in the place of a folder above all; on the same file system; it is made.
 * `undefined`: it is an error when something is in the way
 * @throws Error, before anything is changed, where something is mounted that the tree has files at; from the file system
 */
export function mergeInto(
  staged: string,
  target: string,
  items: readonly Item[],
  aside: string | undefined,
): void {
  const mounts = mountsAt(target).below;
  for (const { path } of items) expectNotMounted(mounts, path, below(target, path));
  mkdirSync(toBytes(parentOf(target) || '/'), { recursive: true });
  if (aside !== undefined) mkdirSync(toBytes(aside), { recursive: true });
  const made = items.filter((item) => {
    const path = toBytes(below(target, item.path));
    const stats = lstatSync(path, { throwIfNoEntry: false });
    const kind = stats === undefined ? undefined : kindOf(stats);
    if (item.kind === 'directory' && kind === 'directory') return false;
    if (aside !== undefined && stats !== undefined && (item.kind === 'directory' || kind === 'directory'))
      moveTree(below(target, item.path), below(aside, randomUUID()));
    if (item.kind === 'directory') mkdirSync(path, { mode: 0o700 });
    else renameSync(toBytes(below(staged, item.path)), path);
    return item.kind === 'directory';
  });
  finishDirectories(target, made);
}

/** The folders of a target that a merge puts something in, less those that it makes. */
export function foldersFor(target: string, items: readonly Item[]): string[] {
  const folders = new Set<string>();
  const made = new Set<string>();
  for (const { kind, path } of items) {
    const full = below(target, path);
    const isNew = made.has(parentOf(path));
    const stats = isNew ? undefined : lstatSync(toBytes(full), { throwIfNoEntry: false });
    if (kind === 'directory' && stats?.isDirectory() === true) continue;
    made.add(path);
    if (!isNew) folders.add(parentOf(full));
  }
  return [...folders];
}
