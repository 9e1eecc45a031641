import { lstatSync, readdirSync, type Stats } from 'node:fs';
import type { Deadline } from '@runner-actions/core';

export interface Size {
  files: number;
  bytes: number;
  /** False if the deadline passed first. Then the real size is at least this. */
  complete: boolean;
}

/**
 * Visits a path and all below it. Does not follow links and skips mount points. Entries that cannot be read are not
 * visited.
 * @param path absolute and without links
 * @param mounts the result of `mountsBelow`: a call on a mount point may block forever, so these paths are skipped by
 * name
 * @param visit returns false to stop
 * @returns whether all was visited, before the deadline
 */
export function walkTree(
  path: Buffer,
  mounts: readonly string[],
  deadline: Deadline | undefined,
  visit: (entry: Stats, path: Buffer) => boolean,
): boolean {
  const mountPoints = new Set(mounts);
  let device: number | undefined;
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (deadline?.remaining() === 0) return false;
    if (mountPoints.has(next.toString())) continue;
    try {
      const entry = lstatSync(next);
      device ??= entry.dev;
      if (entry.isDirectory() && entry.dev !== device) continue;
      if (!visit(entry, next)) return false;
      if (entry.isDirectory())
        for (const name of readdirSync(next, { encoding: 'buffer' }))
          open.push(Buffer.concat([next, Buffer.from('/'), name]));
    } catch {
      // The entry is unreadable, or its path is too long.
    }
  }
  return true;
}

/**
 * Counts the files of a path, and the bytes of their blocks, as `walkTree` visits them. What could not be read does not
 * count; the removal reports it.
 */
export function measureTree(path: Buffer, mounts: readonly string[], deadline?: Deadline): Size {
  const size = { files: 0, bytes: 0 };
  const complete = walkTree(path, mounts, deadline, (entry) => {
    size.bytes += entry.blocks * 512;
    if (!entry.isDirectory()) size.files += 1;
    return true;
  });
  return { ...size, complete };
}
