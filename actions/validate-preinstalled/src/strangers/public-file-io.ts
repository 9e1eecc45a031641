import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import { isInside, runnerFolders } from '@runner-actions/host';

/** Folders of the kernel. Their files tell about processes, also what their modes say that everybody may read. */
const ofKernel = ['/proc', '/sys', '/dev'];
const othersRead = 0o004;
const othersSearch = 0o001;

/** Folders of the runner, by whose names a file is judged. */
export interface JobFolders {
  checkout: string;
  temp: string;
  tools: string;
}

export function jobFolders(job: Parameters<typeof runnerFolders>[0]): JobFolders {
  const { temp, tools } = runnerFolders(job);
  return { checkout: job.workspace, temp, tools };
}

/**
 * Returns why the content of a file is not for everybody; `undefined` if it is: a regular file that each user of the
 * machine may read. Of the runner's folders that are only the checkout, outside of `.git`, and the tool cache: steps leave
 * their credentials in the others.
 */
export async function whyNotPublic(path: string, folders: JobFolders): Promise<string | undefined> {
  const realOf = (folder: string): Promise<string> => realpath(folder).catch(() => folder);
  const [real, checkout, temp, tools] = await Promise.all([
    realpath(path),
    realOf(folders.checkout),
    realOf(folders.temp),
    realOf(folders.tools),
  ]);
  const entry = await stat(real);
  const isOpen = (entry.mode & othersRead) !== 0;
  if (isInside(real, checkout) && !isInside(real, temp)) {
    const parts = relative(checkout, real).split(sep);
    if (parts.some((part) => part.toLowerCase() === '.git')) return 'it is in .git';
    // A step that writes credentials there closes the file. Folders of the runner may all be closed.
    return isOpen ? undefined : 'not every user of this machine may read it';
  }
  const ofJobs = basename(temp) === '_temp' ? dirname(temp) : temp;
  if (isInside(real, ofJobs) && !isInside(real, tools)) return 'steps of jobs write there';
  if (process.platform === 'win32') return 'it is outside of the checkout';
  if (ofKernel.some((folder) => isInside(real, folder))) return 'it is a file of the kernel';
  if (!entry.isFile()) return 'it is no regular file';
  if (!isOpen) return 'not every user of this machine may read it';
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & othersSearch) === 0) return `not every user may enter ${folder}`;
    if (dirname(folder) === folder) return undefined;
  }
}
