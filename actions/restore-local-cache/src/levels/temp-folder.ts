import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { removeStagingFolder } from '@runner-actions/store';

/**
 * Returns the folder of these actions in `temp`, the temporary directory of the runner, creating it if needed. Jobs
 * and their containers may write anything there.
 * @throws Error if the folder or `temp` is a symlink, or if the folder belongs to another user
 */
export function actionsFolder(temp: string): string {
  const folder = join(temp, 'runner-actions');
  mkdirSync(folder, { recursive: true });
  const link = [temp, folder].find((path) => !lstatSync(path).isDirectory());
  if (link !== undefined) throw new Error(`${link} is a link, not a folder`);
  const user = process.geteuid?.();
  if (user !== undefined && lstatSync(folder).uid !== user)
    throw new Error(`${folder} belongs to another user`);
  return folder;
}

/**
 * Runs `act` with a new folder for files in transfer, and removes the folder afterwards. Nobody can know its name in
 * advance. A container that runs as root can still write there, so files must be created exclusively.
 * @throws Error as `actionsFolder` does, and what `act` throws
 */
export async function withTempFolder<T>(temp: string, act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(actionsFolder(temp), 'own-'));
  try {
    return await act(folder);
  } finally {
    removeStagingFolder(folder);
  }
}
