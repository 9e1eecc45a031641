import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mountsBelow } from './mounts.ts';

/**
 * Whether something is mounted at or below a path; where the mounts cannot be read, whether another device begins there.
 * @throws Error when it cannot be told
 */
export function holdsMount(path: string): boolean {
  if (process.platform === 'linux') return mountsBelow(path).length > 0;
  return holdsDevice(path, lstatSync(dirname(path)).dev);
}

function holdsDevice(path: string, device: number): boolean {
  const entry = lstatSync(path);
  if (entry.dev !== device) return true;
  return entry.isDirectory() && readdirSync(path).some((name) => holdsDevice(join(path, name), device));
}
