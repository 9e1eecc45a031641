import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Removal, RemoveOptions } from './removal.ts';
import { holdsMount } from './holds-mount.ts';

/**
 * Empties a directory on systems where directories cannot be held open. Does not count freed bytes and moves nothing
 * aside.
 */
export function emptyByPath(path: string, options: RemoveOptions, removal: Removal, relative = ''): Removal {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (options.deadline?.remaining() === 0) {
      removal.finished = false;
      return removal;
    }
    const own = relative === '' ? entry.name : `${relative}/${entry.name}`;
    const verdict = options.keep?.(own, entry.isDirectory()) ?? 'remove';
    const place = join(path, entry.name);
    try {
      if (verdict === 'look inside' && entry.isDirectory()) emptyByPath(place, options, removal, own);
      if (
        verdict !== 'remove' &&
        (!entry.isDirectory() || verdict === 'keep' || readdirSync(place).length > 0)
      ) {
        removal.kept += 1;
        continue;
      }
      if (holdsMount(place)) throw new Error('another file system is mounted there');
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
      removal[entry.isDirectory() ? 'directories' : 'files'] += 1;
    } catch (error) {
      removal.residue.push({ path: place, reason: (error as Error).message });
    }
  }
  return removal;
}
