import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { dropStaging } from '@runner-actions/store';

/**
 * The folder of these actions in `temp`, the runner's temporary one, where a job and its containers may put anything.
 * @throws Error where it or `temp` is a link, which leads anywhere, or it belongs to another user
 */
export function actionsFolder(temp: string): string {
  const folder = join(temp, 'runner-actions');
  mkdirSync(folder, { recursive: true });
  const link = [temp, folder].find((path) => !lstatSync(path).isDirectory());
  if (link !== undefined) throw new Error(`${link} is a link, and no folder`);
  const user = process.geteuid?.();
  if (user !== undefined && lstatSync(folder).uid !== user)
    throw new Error(`${folder} belongs to another user`);
  return folder;
}

/**
 * With a new folder for files on their way, which nobody can name before it is there, and which goes at the end. Containers that
 * run as root may write there even so: whoever makes a file in it opens none that is there.
 * @throws Error as `actionsFolder` does, and what `act` throws
 */
export async function withTempFolder<T>(temp: string, act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(actionsFolder(temp), 'own-'));
  try {
    return await act(folder);
  } finally {
    dropStaging(folder);
  }
}
