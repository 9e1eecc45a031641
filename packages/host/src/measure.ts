import { lstatSync, readdirSync } from 'node:fs';
import type { Deadline } from '@runner-actions/core';

export interface Size {
  files: number;
  bytes: number;
  /** False when the deadline came first: then it is at least this. */
  complete: boolean;
}

/** Blocks and files of a path, links not followed. What cannot be read counts nothing. */
export function measureTree(path: Buffer, deadline?: Deadline): Size {
  const size: Size = { files: 0, bytes: 0, complete: true };
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (deadline?.remaining() === 0) return { ...size, complete: false };
    try {
      const entry = lstatSync(next);
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
