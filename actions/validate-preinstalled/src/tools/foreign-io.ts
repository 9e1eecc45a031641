import { lstat, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Whose files in a tool cache count, beside those of this user and of root. */
export interface CacheTrust {
  /** The owner of its folder. In a job container, that is the user of the runner outside. */
  owner: number | undefined;
  /** Whether every user may write its folder, as on GitHub's images. Modes below it then prove nothing. */
  isShared: boolean;
}

/** Reads whom the folder of a tool cache belongs to. */
export async function trustOfCache(root: string): Promise<CacheTrust> {
  const entry = await stat(root).catch(() => undefined);
  return { owner: entry?.uid, isShared: entry !== undefined && (entry.mode & 0o002) !== 0 };
}

/**
 * Returns why this user cannot rely on a path in a tool cache: a stranger to it owns the path or may write it. A group may
 * write it if this user belongs to that group: somebody shared it on purpose. Of a link, its target counts as well.
 * @returns `undefined` if it can be relied on, if nothing is there, or if the system has no user ids
 */
export async function whyForeign(path: string, cache: CacheTrust): Promise<string | undefined> {
  const self = process.geteuid?.();
  if (self === undefined) return undefined;
  const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])];
  for (const look of [lstat, stat]) {
    const entry = await look(path).catch(() => undefined);
    if (entry === undefined) return undefined;
    const { uid, gid, mode } = entry;
    if (![self, 0, cache.owner].includes(uid)) return `${path} belongs to another user (${uid})`;
    // Nobody can write a link, whatever its mode says.
    if (entry.isSymbolicLink() || cache.isShared) continue;
    const shown = (mode & 0o7777).toString(8).padStart(4, '0');
    if ((mode & 0o002) !== 0) return `${path} can be written by other users (mode ${shown})`;
    if ((mode & 0o020) !== 0 && !groups.includes(gid))
      return `${path} can be written by a group of other users (${gid}, mode ${shown})`;
  }
  return undefined;
}

/**
 * Returns the first reason of `whyForeign` for folders of a folder, and for those on the way to each: who can write one of
 * them can replace what is below it. Where a link is on the way, that to its target counts as well.
 * @param names relative to the folder, with `/`
 */
export async function whyForeignBelow(
  folder: string,
  names: readonly string[],
  cache: CacheTrust,
): Promise<string | undefined> {
  const root = await realpath(folder);
  for (const name of names) {
    const real = relative(root, await realpath(join(root, name)));
    for (const parts of [real.split(sep), name.split('/')]) {
      for (let count = 1; count <= parts.length; count += 1) {
        const foreign = await whyForeign(join(folder, ...parts.slice(0, count)), cache);
        if (foreign !== undefined) return foreign;
      }
    }
  }
  return undefined;
}
