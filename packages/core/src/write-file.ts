import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file atomically: a reader sees the old content or the new one, even if the machine crashes in the middle.
 * The content goes to a temp file in the same folder, which is flushed and renamed. `mode` defaults to 0644, less what
 * the umask of the process takes away; with `exact` it takes nothing away, for a file that other users read.
 * @throws Error of the file system, with `path` set to the path of the file
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: { mode?: number; exact?: boolean } = {},
): Promise<void> {
  const unique = `${process.pid}.${Math.random().toString(36).slice(2)}`;
  const staging = join(dirname(path), `.${basename(path)}.${unique}.tmp`);
  try {
    const file = await open(staging, 'wx', options.mode ?? 0o644);
    try {
      if (options.exact === true) await file.chmod(options.mode ?? 0o644);
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(staging, path);
  } catch (error) {
    await rm(staging, { force: true }).catch(() => undefined);
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}

/**
 * Creates a folder and its parents. Unlike Node's recursive `mkdir`, the error has the true reason, such as EROFS.
 * @throws Error as `mkdir` does
 */
export async function makeFolder(path: string): Promise<void> {
  const attempt = () =>
    mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  try {
    await attempt();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await attempt();
  }
}
