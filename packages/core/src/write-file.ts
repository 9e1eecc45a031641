import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that a reader, and a machine that dies in the middle, sees the old content or the new one:
 * written beside its place, flushed, renamed over it. `mode` defaults to 0644. @throws Error of the file system, which names `path`
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: { mode?: number } = {},
): Promise<void> {
  const unique = `${process.pid}.${Math.random().toString(36).slice(2)}`;
  const beside = join(dirname(path), `.${basename(path)}.${unique}.tmp`);
  try {
    const file = await open(beside, 'wx', options.mode ?? 0o644);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}

/** Makes a folder and those above it. Unlike Node's own way it tells the true reason, such as EROFS. @throws Error as `mkdir` does */
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
