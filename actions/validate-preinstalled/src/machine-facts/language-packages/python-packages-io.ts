import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execute, quote } from '@runner-actions/core';
import type { InstalledPackage, Packages } from '../packages/package-database.ts';
import type { PackageQuery } from '../packages/package-query.ts';
import { readFolder } from '../read-folder-io.ts';
import { readText } from '../read-text-io.ts';

/**
 * Opens the packages of the python3 on PATH: its own, those of its virtual environment, and the user's. Python itself
 * says where it looks, since that depends on how it was built; the packages are then read from their folders.
 * @param folder an empty folder. Python looks for packages in the working directory too
 */
export async function openPip(query: PackageQuery, folder: string): Promise<Packages> {
  for (const python of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    const argv = [python, '-c', 'import sys; print("\\n".join(sys.path))'];
    const { environment: env, deadline } = query;
    const asked = await execute(argv, { env, deadline, cwd: folder, timeout: 20_000 });
    if (asked.status === 'not-started') continue;
    const [line = ''] = asked.stderr.trim().split('\n');
    if (asked.status !== 'exited' || asked.code !== 0)
      return {
        unknown: `${python} does not run: ${line === '' ? (asked.code ?? asked.status) : quote(line)}`,
      };
    return databaseOf(asked.stdout.split('\n').filter((path) => path.trim() !== '' && path !== folder));
  }
  return { unknown: 'python3 is not on PATH' };
}

async function databaseOf(folders: readonly string[]): Promise<Packages> {
  const listed = await Promise.all(folders.map(async (path) => ({ path, ...(await readFolder(path)) })));
  const sources = listed.filter((one) => 'names' in one);
  return {
    manager: 'pip',
    source: sources.map(({ path }) => path).join(', '),
    async find(name) {
      for (const { path, names } of sources) {
        const named = await readDistribution(path, names, name);
        // Python takes the first.
        if (named !== undefined) return { named: [named], providers: [], foreign: [] };
      }
      return { named: [], providers: [], foreign: [] };
    },
  };
}

/** Where a package's own metadata are: in folders of today's form, and in folders or files of the older. */
const forms = [
  { ending: '.dist-info', file: 'METADATA' },
  { ending: '.egg-info', file: 'PKG-INFO' },
] as const;

/**
 * Reads a package from `NAME-VERSION.dist-info/METADATA` in a folder (packaging.python.org, "Recording installed
 * projects"). The folder alone proves nothing: an interrupted removal leaves it behind.
 */
export async function readDistribution(
  folder: string,
  names: readonly string[],
  name: string,
): Promise<InstalledPackage | undefined> {
  const wanted = normalizeName(name);
  for (const { ending, file } of forms)
    for (const entry of names.filter((one) => one.endsWith(ending))) {
      const stem = entry.slice(0, -ending.length);
      const dash = stem.indexOf('-');
      if (normalizeName(dash === -1 ? stem : stem.slice(0, dash)) !== wanted) continue;
      const path = join(folder, entry);
      const isFile = await stat(path).then(
        (one) => one.isFile(),
        () => false,
      );
      const read = await readText(isFile ? path : join(path, file), 4 * 1024 ** 2);
      const version = 'text' in read ? versionIn(read.text) : undefined;
      if (version !== undefined) return { name, version, state: 'installed', provides: [] };
    }
  return undefined;
}

/** PEP 503: `Foo.Bar`, `foo_bar` and `foo-bar` are one package. */
function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

function versionIn(metadata: string): string | undefined {
  const [head = ''] = metadata.split(/\r?\n\r?\n/, 1);
  return head
    .split(/\r?\n/)
    .find((line) => line.startsWith('Version:'))
    ?.slice('Version:'.length)
    .trim();
}

/** Opens the programs that pipx has installed, each in an environment `venvs/NAME` of its own. */
export async function openPipx({ environment }: Pick<PackageQuery, 'environment'>): Promise<Packages> {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? '';
  const set = environment['PIPX_HOME'];
  const roots =
    set === undefined || set === ''
      ? ['.local/share/pipx', '.local/pipx'].map((one) => join(home, one))
      : [set];
  return {
    manager: 'pipx',
    source: roots.map((root) => join(root, 'venvs')).join(', '),
    async find(name) {
      for (const root of roots) {
        const library = join(root, 'venvs', normalizeName(name), 'lib');
        const pythons = await readFolder(library);
        for (const python of 'names' in pythons ? pythons.names : []) {
          const packages = join(library, python, 'site-packages');
          const listed = await readFolder(packages);
          const named = 'names' in listed ? await readDistribution(packages, listed.names, name) : undefined;
          if (named !== undefined) return { named: [named], providers: [], foreign: [] };
        }
      }
      return { named: [], providers: [], foreign: [] };
    },
  };
}
