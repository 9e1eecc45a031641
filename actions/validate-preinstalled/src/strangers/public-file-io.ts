import { realpath, stat } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { isInside } from '@runner-actions/host';

/** Folders of the kernel. Their files tell about processes, also what their modes say that everybody may read. */
const ofKernel = ['/proc', '/sys', '/dev'];
const othersRead = 0o004;
const othersSearch = 0o001;

/**
 * Returns why the content of a file is not for everybody; `undefined` if it is: a file of the checkout outside of `.git`,
 * or a regular file that each user of the machine could read.
 */
export async function whyNotPublic(path: string, checkout: string): Promise<string | undefined> {
  const [real, own] = await Promise.all([realpath(path), realpath(checkout).catch(() => checkout)]);
  if (isInside(real, own)) {
    const parts = relative(own, real).split(sep);
    return parts.some((part) => part.toLowerCase() === '.git') ? 'it is in .git' : undefined;
  }
  if (process.platform === 'win32') return 'it is outside of the checkout';
  if (ofKernel.some((folder) => isInside(real, folder))) return 'it is a file of the kernel';
  const entry = await stat(real);
  if (!entry.isFile()) return 'it is no regular file';
  if ((entry.mode & othersRead) === 0) return 'not every user of this machine may read it';
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & othersSearch) === 0) return `not every user may enter ${folder}`;
    if (dirname(folder) === folder) return undefined;
  }
}
