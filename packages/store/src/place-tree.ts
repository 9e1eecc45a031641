import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { type Contents, copyTree } from './copy-tree.ts';
import { discard } from './discard.ts';

/** A tree of the store, and where it goes. */
export interface Move {
  source: Buffer;
  target: Buffer;
  isWhole(copied: Contents): boolean;
}

interface Prepared extends Move {
  staging: Buffer;
  old: Buffer;
}

/**
 * Copies each source beside its target, and only when all are there and whole renames them into place. What was in the
 * targets is renamed aside first and removed last; when a rename fails, it comes back.
 * @returns false when a source is missing or not whole: then every target is as it was
 * @throws Error from the file system of the targets, which are as they were then too
 */
export function placeTrees(moves: readonly Move[]): boolean {
  const prepared = moves.map(prepare);
  const swapped: Prepared[] = [];
  try {
    if (!prepared.every(stage)) return false;
    for (const move of prepared) {
      swap(move);
      swapped.push(move);
    }
  } catch (error) {
    for (const move of swapped.reverse()) unswap(move);
    throw error;
  } finally {
    for (const { staging } of prepared) discard(staging);
  }
  for (const { old } of prepared) discard(old);
  return true;
}

function prepare(move: Move): Prepared {
  const folder = move.target.subarray(0, move.target.lastIndexOf(0x2f) + 1);
  const beside = (what: string): Buffer =>
    Buffer.concat([folder, Buffer.from(`.runner-actions-${what}-${randomUUID()}`)]);
  return { ...move, staging: beside('new'), old: beside('old') };
}

function stage({ source, target, staging, isWhole }: Prepared): boolean {
  if (!exists(source)) return false;
  mkdirSync(target.subarray(0, target.lastIndexOf(0x2f)), { recursive: true });
  return isWhole(copyTree(source, staging));
}

function swap({ staging, target, old }: Prepared): void {
  if (exists(target)) renameSync(target, old);
  try {
    renameSync(staging, target);
  } catch (error) {
    if (exists(old)) renameSync(old, target);
    throw error;
  }
}

function unswap({ target, old }: Prepared): void {
  discard(target);
  if (exists(old)) renameSync(old, target);
}

function exists(path: Buffer): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
