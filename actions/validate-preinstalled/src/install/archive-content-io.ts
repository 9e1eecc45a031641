import { readdir, readlink } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import type { Deadline } from '@runner-actions/core';

/** A file of ours in the content: it tells a folder that was published and not marked from one that others began. */
export const ownMark = '.runner-actions-archive';
/** No system follows more links than this for one path. */
const mostLinks = 64;

/**
 * Returns why the unpacked content of an archive is refused: it has the name of our own file, a device, a pipe or a
 * socket, or a link that leads outside, be it by way of other links.
 * @throws Error if it cannot be read, or when the deadline passes
 */
export async function whyRefused(root: string, deadline: Deadline): Promise<string | undefined> {
  const waiting: string[][] = [[]];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    expectTime(deadline);
    for (const entry of await readdir(join(root, ...folder), { withFileTypes: true })) {
      const path = [...folder, entry.name];
      const shown = JSON.stringify(path.join('/').slice(0, 200));
      // Some file systems do not tell capitals from small letters.
      if (folder.length === 0 && entry.name.toLowerCase() === ownMark)
        return `it has the name ${shown}, which this action uses itself`;
      if (entry.isFile()) continue;
      if (!entry.isDirectory() && !entry.isSymbolicLink())
        return `its ${shown} is no file, no folder and no link`;
      // Node reads each byte that is no UTF-8 as this character, so that the path would be that of another entry.
      if (entry.name.includes('\uFFFD')) return `its name ${shown} is not UTF-8`;
      if (entry.isDirectory()) waiting.push(path);
      else if (await leadsOutside(root, path, deadline)) return `its link ${shown} leads outside`;
    }
  }
  return undefined;
}

/**
 * Follows a link as the system does, without its ever leaving the folder. What does not exist counts as a folder. A link
 * that leads in a circle leads nowhere.
 * @param path relative to the folder, with no other link on it
 */
async function leadsOutside(root: string, path: readonly string[], deadline: Deadline): Promise<boolean> {
  const at: string[] = [];
  const rest = path.toReversed();
  let links = 0;
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    expectTime(deadline);
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.pop() === undefined) return true;
      continue;
    }
    const target = await targetOf(join(root, ...at, part));
    if (target === undefined) at.push(part);
    else if (isRooted(target) || target.includes('\uFFFD')) return true;
    else if ((links += 1) > mostLinks) return false;
    else rest.push(...target.split(sep === '/' ? '/' : /[/\\]/).toReversed());
  }
  return false;
}

/** On Windows, `C:name` is relative to another folder. */
function isRooted(target: string): boolean {
  return isAbsolute(target) || (sep === '\\' && /^[A-Za-z]:/.test(target));
}

/** The codes of what is there and is no link (Windows: UNKNOWN), of what is not there, and of what cannot be there. */
const noLink = ['EINVAL', 'UNKNOWN', 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

/** Reads a link; `undefined`: there is none. @throws Error if that cannot be known */
async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (noLink.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function expectTime({ signal }: Deadline): void {
  if (signal.aborted) throw new Error('it did not end in time');
}
