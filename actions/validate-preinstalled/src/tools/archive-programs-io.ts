import { constants } from 'node:fs';
import { access, opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside } from '@runner-actions/host';

/** How many names of a folder are looked at. */
const limit = 10_000;

/**
 * Returns why the content of an archive does not bring what it was installed for: each of its folders for PATH must be a
 * folder of the content, with a program in it that this user may execute.
 * @param bins relative to the content
 */
export async function whyNoPrograms(content: string, bins: readonly string[]): Promise<string | undefined> {
  const root = await realpath(content);
  for (const bin of bins) {
    const folder = await realpath(join(root, bin)).catch(() => undefined);
    const isFolder = folder !== undefined && (await kindOf(folder)) === 'folder';
    if (!isFolder) return `it has no folder ${bin}, which \`bin\` names`;
    if (!isInside(folder, root)) return `its folder ${bin} leads outside`;
    if (!(await hasProgram(folder))) return `it has no program in ${bin}, which \`bin\` names`;
  }
  return undefined;
}

async function hasProgram(folder: string): Promise<boolean> {
  let count = 0;
  for await (const { name } of await opendir(folder)) {
    if ((count += 1) > limit) return false;
    const path = join(folder, name);
    const mayExecute = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (mayExecute && (await kindOf(path)) === 'file') return true;
  }
  return false;
}

function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  return stat(path).then(
    (entry) => (entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : undefined),
    () => undefined,
  );
}
