import { lstatSync, readdirSync } from 'node:fs';
import type { Deadline } from '@runner-actions/core';

export interface Size {
  files: number;
  bytes: number;
  /** False when the deadline came first: then it is at least this. */
  complete: boolean;
}

/**
 * Blocks and files of a path, links not followed, and what is mounted there left out. What cannot be read counts nothing.
 * @param path absolute and without links
 * @param mounts what `mountsBelow` says of it: even to look at what is mounted may take for ever, so it is passed over by name
 */
export function measureTree(path: Buffer, mounts: readonly string[], deadline?: Deadline): Size {
  const size: Size = { files: 0, bytes: 0, complete: true };
  const walls = new Set(mounts);
  let device: number | undefined;
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (deadline?.remaining() === 0) return { ...size, complete: false };
    if (walls.has(next.toString())) continue;
    try {
      const entry = lstatSync(next);
      device ??= entry.dev;
      if (entry.isDirectory() && entry.dev !== device) continue;
      size.bytes += entry.blocks * 512;
      if (!entry.isDirectory()) size.files += 1;
      else
        for (const name of readdirSync(next, { encoding: 'buffer' }))
          open.push(Buffer.concat([next, Buffer.from('/'), name]));
    } catch {
      // Unreadable, or deeper than a path may be long: removal has its own word on it.
    }
  }
  return size;
}
