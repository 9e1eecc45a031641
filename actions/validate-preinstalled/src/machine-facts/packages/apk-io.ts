import { join } from 'node:path';
import { readText } from '../read-text-io.ts';
import { parseApkInstalled } from './apk-installed.ts';
import { indexPackages, type Packages } from './package-database.ts';

/** Where apk keeps its packages: since apk-tools 3, and before. */
const files = ['usr/lib/apk/db/installed', 'lib/apk/db/installed'];

/** Reads apk's packages below `root` from the first file that there is. */
export async function openApk(root: string): Promise<Packages> {
  for (const file of files) {
    const path = join(root, file);
    const read = await readText(path, 64 * 1024 ** 2);
    if ('unknown' in read) return read;
    if ('missing' in read) continue;
    const installed = parseApkInstalled(read.text);
    if (installed.length > 0)
      return { manager: 'apk', source: path, find: indexPackages(installed), installed };
  }
  return { unknown: `neither ${files.map((file) => `/${file}`).join(' nor ')} lists a package` };
}
