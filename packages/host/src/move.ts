import { renameSync } from 'node:fs';
import { closeAnchor, openAnchor, within } from './anchored.ts';

/**
 * Renames entries of one directory into another. On Linux both are held open, so that neither can be swapped for a link
 * meanwhile. What cannot be moved stays: it is on another file system, in another user's directory, or gone.
 * @throws Error when one of the directories cannot be opened
 */
export function moveEntries(from: string, into: string, names: readonly Buffer[]): void {
  if (process.platform !== 'linux') {
    for (const name of names) move(inside(from, name), inside(into, name));
    return;
  }
  const [source, target] = [openAnchor(from), openAnchor(into)];
  try {
    for (const name of names) move(within(source, name), within(target, name));
  } finally {
    closeAnchor(source);
    closeAnchor(target);
  }
}

function inside(directory: string, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${directory}/`), name]);
}

function move(from: Buffer, to: Buffer): void {
  try {
    renameSync(from, to);
  } catch {
    // It stays, as the caller sees when it looks.
  }
}
