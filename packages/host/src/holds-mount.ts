import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mountsBelow } from './mounts.ts';

/**
 * Returns whether something is mounted at a path or below it. Where mounts cannot be read, it looks for entries on
 * another device.
 * @throws Error if it cannot be determined
 */
export function holdsMount(path: string): boolean {
  if (process.platform === 'linux') return mountsBelow(path).length > 0;
  return holdsDevice(path, lstatSync(dirname(path)).dev);
}

/** @param isLink whether the list of its parent calls it a link, as that of Windows does for a mounted volume */
function holdsDevice(path: string, device: number, isLink = false): boolean {
  const entry = lstatSync(path);
  if (entry.dev !== device || (isLink && entry.isDirectory())) return true;
  if (!entry.isDirectory()) return false;
  return readdirSync(path, { withFileTypes: true }).some((found) =>
    holdsDevice(join(path, found.name), device, found.isSymbolicLink()),
  );
}
