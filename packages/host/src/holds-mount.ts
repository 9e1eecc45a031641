import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mountsBelow } from './mounts.ts';

type List = (path: string) => { name: string; isSymbolicLink(): boolean }[];

const listFolder: List = (path) => readdirSync(path, { withFileTypes: true });

/**
 * Returns whether something is mounted at a path or below it. Where mounts cannot be read, it looks for entries on
 * another device, and for folders that the list of their parent calls links, as that of Windows does for a volume.
 * @throws Error if it cannot be determined
 */
export function holdsMount(path: string, platform = process.platform, list = listFolder): boolean {
  if (platform === 'linux') return mountsBelow(path).length > 0;
  return holdsDevice(path, { device: lstatSync(dirname(path)).dev, list });
}

function holdsDevice(path: string, from: { device: number; list: List }, isLink = false): boolean {
  const entry = lstatSync(path);
  if (entry.dev !== from.device || (isLink && entry.isDirectory())) return true;
  if (!entry.isDirectory()) return false;
  return from.list(path).some((found) => holdsDevice(join(path, found.name), from, found.isSymbolicLink()));
}
