import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { type Contents, copyTree } from './copy-tree.ts';
import { discard } from './discard.ts';

/**
 * Copies `source` beside `target` and renames it into place, so that the target is the old tree or the new one and never
 * half of either. What was there is renamed aside first and removed last.
 * @returns false when the source is missing or not whole: then the target is as it was
 */
export function placeTree(source: Buffer, target: Buffer, isWhole: (copied: Contents) => boolean): boolean {
  if (lstatSync(source, { throwIfNoEntry: false }) === undefined) return false;
  const beside = (what: string): Buffer => {
    const cut = target.lastIndexOf(0x2f) + 1;
    return Buffer.concat([target.subarray(0, cut), Buffer.from(`.runner-actions-${what}-${randomUUID()}`)]);
  };
  const [staging, old] = [beside('new'), beside('old')];
  mkdirSync(target.subarray(0, target.lastIndexOf(0x2f)), { recursive: true });
  try {
    if (!isWhole(copyTree(source, staging))) return false;
    const occupied = lstatSync(target, { throwIfNoEntry: false }) !== undefined;
    if (occupied) renameSync(target, old);
    renameSync(staging, target);
    return true;
  } finally {
    for (const path of [staging, old]) discard(path);
  }
}
