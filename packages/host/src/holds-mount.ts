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

function holdsDevice(path: string, device: number): boolean {
  const entry = lstatSync(path);
  if (entry.dev !== device) return true;
  return entry.isDirectory() && readdirSync(path).some((name) => holdsDevice(join(path, name), device));
}
