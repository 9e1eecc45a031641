import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { discard } from './discard.ts';
import { parentOf, toBytes } from './names.ts';

/** Something that is ready on the target's file system, and where it goes. */
export interface Move {
  staged: string;
  target: string;
  /** Where what was in the target goes. */
  old: string;
}

/**
 * Puts all in place by renames, or nothing: where one fails, what was there comes back.
 * @throws Error from the file system of the targets, which are as they were then
 */
export function swapIn(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      swap(move);
      done.push(move);
    }
  } catch (error) {
    for (const { staged, target, old } of done.reverse()) {
      renameSync(toBytes(target), toBytes(staged));
      if (exists(old)) renameSync(toBytes(old), toBytes(target));
    }
    throw error;
  }
}

function swap({ staged, target, old }: Move): void {
  mkdirSync(toBytes(parentOf(target)), { recursive: true });
  const hadOne = exists(target);
  if (hadOne) renameSync(toBytes(target), toBytes(old));
  try {
    renameSync(toBytes(staged), toBytes(target));
  } catch (error) {
    if (hadOne) renameSync(toBytes(old), toBytes(target));
    throw error;
  }
}

export function exists(path: string): boolean {
  return lstatSync(toBytes(path), { throwIfNoEntry: false }) !== undefined;
}

export function drop(path: string): void {
  discard(toBytes(path));
}
