import { lstatSync, readdirSync } from 'node:fs';
import type { Deadline } from '@runner-actions/core';

export interface Size {
  files: number;
  bytes: number;
  /** False if the deadline passed first. Then the real size is at least this. */
  complete: boolean;
}

/**
 * Counts the files of a path, and the bytes of their blocks. Does not follow links and skips mount points. Entries
 * that cannot be read do not count.
 * @param path absolute and without links
 * @param mounts the result of `mountsBelow`: a call on a mount point may block forever, so these paths are skipped by
 * name
 */
export function measureTree(path: Buffer, mounts: readonly string[], deadline?: Deadline): Size {
  const size: Size = { files: 0, bytes: 0, complete: true };
  const mountPoints = new Set(mounts);
  let device: number | undefined;
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (deadline?.remaining() === 0) return { ...size, complete: false };
    if (mountPoints.has(next.toString())) continue;
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
      // The entry is unreadable, or its path is too long. The removal reports it.
    }
  }
  return size;
}
