import { opendir } from 'node:fs/promises';
import { codeOf, isMissing } from './read-text-io.ts';

/** The names in a folder, sorted; or that there is none; or why they are unknown. */
export type FolderNames = { names: readonly string[] } | { missing: true } | { unknown: string };

/** How many names of a folder are read. More than a machine has packages. */
const limit = 20_000;

/** Lists a folder of the machine. Names that begin with a dot, such as `.DS_Store`, are left out. */
export async function readFolder(path: string): Promise<FolderNames> {
  try {
    const names: string[] = [];
    for await (const { name } of await opendir(path)) {
      if (names.length >= limit) return { unknown: `${path} has more than ${limit} entries` };
      if (!name.startsWith('.')) names.push(name);
    }
    return { names: names.sort() };
  } catch (error) {
    return isMissing(error) ? { missing: true } : { unknown: `${path} cannot be listed: ${codeOf(error)}` };
  }
}
