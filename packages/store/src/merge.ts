import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { type CopyOptions, copyItems } from './copy.ts';
import { type Item, kindOf } from './inventory.ts';
import { below, toBytes } from './names.ts';
import { drop } from './swap.ts';

/**
 * Adds a tree to what is in a target already: files of the same name are replaced, the rest stays. What stands where a folder
 * must be, a link above all, is removed first, so that nothing is written elsewhere. Not by one rename: a reader may see half.
 */
export function mergeInto(from: string, target: string, items: readonly Item[], options: CopyOptions): void {
  const made = items.filter((item) => {
    const path = toBytes(below(target, item.path));
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return true;
    const kind = kindOf(stats);
    if (item.kind === 'directory' && kind === 'directory') return false;
    if (kind === 'directory') drop(below(target, item.path));
    else unlinkSync(path);
    return true;
  });
  mkdirSync(toBytes(target.slice(0, target.lastIndexOf('/')) || '/'), { recursive: true });
  copyItems(from, target, made, options);
}
