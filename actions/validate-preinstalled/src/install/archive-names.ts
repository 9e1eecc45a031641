import { readdir, readlink } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Returns the first name of an archive's list that would be unpacked outside of its folder. */
export function unsafeName(names: readonly string[]): string | undefined {
  return names.find(
    (name) => /^(?:[/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).some((part) => part === '..'),
  );
}

/** Returns the first symbolic link below a folder that leads outside of it, relative to the folder. */
export async function escapingLink(root: string): Promise<string | undefined> {
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      if (!entry.isSymbolicLink()) continue;
      const target = await readlink(path);
      const way = relative(root, resolve(folder, target));
      if (isAbsolute(target) || way === '..' || way.startsWith(`..${sep}`)) return relative(root, path);
    }
  }
  return undefined;
}
