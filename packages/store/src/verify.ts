import { createHash } from 'node:crypto';
import { lstatSync, readlinkSync } from 'node:fs';
import { compare, expectDigest, nameOf, TreeMismatch, readInto } from './copy-file.ts';
import { leaveOut } from './copy.ts';
import { kindOf, modeBits, type Skip, takeInventory } from './inventory.ts';
import { type Item } from './item.ts';
import { below, pathToBytes } from './byte-paths.ts';
import type { OnProgress } from './progress.ts';

/** Returns whether a file's content matches its digest. */
export function hasContent(path: string, item: Item): boolean {
  const digest = createHash('sha256');
  try {
    readInto(pathToBytes(path), item, digest);
    return digest.digest('hex') === item.sha256;
  } catch (error) {
    if (error instanceof TreeMismatch) return false;
    throw error;
  }
}

/**
 * Adds the digest of each file's content to its item.
 * @param skip called for files that change meanwhile or cannot be read
 * @returns the items without these
 * @throws TreeMismatch if a file changes meanwhile, unless `skip` is given; Error from the file system
 */
export function digestItems(root: string, items: readonly Item[], tick?: OnProgress, skip?: Skip): Item[] {
  return items.filter((item) => {
    if (item.kind !== 'file') return true;
    const source = below(root, item.path);
    try {
      const digest = createHash('sha256');
      readInto(pathToBytes(source), item, digest, tick);
      item.sha256 = digest.digest('hex');
      return true;
    } catch (error) {
      leaveOut(source, item, error, skip);
      return false;
    }
  });
}

/**
 * Compares a tree with its inventory without copying it.
 * @throws TreeMismatch
 */
export function verifyItems(
  root: string,
  items: readonly Item[],
  verify: 'stat' | 'full',
  tick?: OnProgress,
): void {
  for (const item of items) {
    compare(below(root, item.path), item);
    if (verify === 'full' && item.kind === 'file') {
      const digest = createHash('sha256');
      readInto(pathToBytes(below(root, item.path)), item, digest, tick);
      expectDigest(item, digest);
    }
    tick?.(1, 0);
  }
}

/**
 * Compares a tree's content with an inventory from elsewhere. Everything except times must match, and nothing may have
 * been added.
 * @param open mode bits that may differ: a store removes some from files that are linked to, and adds some for a group
 * @throws TreeMismatch
 */
export function verifyContent(
  root: string,
  items: readonly Item[],
  { tick, open = 0 }: { tick?: OnProgress | undefined; open?: number } = {},
): void {
  if (takeInventory(root).length !== items.length) throw new TreeMismatch('something was added to it');
  for (const item of items) {
    const path = pathToBytes(below(root, item.path));
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || kindOf(stats) !== item.kind)
      throw new TreeMismatch(`${nameOf(item)} is missing, or another kind of file`);
    if (item.kind !== 'link' && ((stats.mode ^ item.mode) & modeBits(item.kind) & ~open) !== 0)
      throw new TreeMismatch(`${nameOf(item)} has another mode`);
    if (
      item.kind === 'link' &&
      !readlinkSync(path, { encoding: 'buffer' }).equals(pathToBytes(item.link ?? ''))
    )
      throw new TreeMismatch(`${nameOf(item)} leads elsewhere`);
    if (item.kind === 'file') {
      const digest = createHash('sha256');
      readInto(path, item, digest, tick);
      expectDigest(item, digest);
    }
    tick?.(1, 0);
  }
}
