import { basename, dirname, join } from 'node:path';
import { readHead } from '../file-identity-io.ts';
import type { Machine } from '../kinds/kind.ts';
import { executablesOf } from '../search-path-io.ts';

/** Version managers whose shims are shell scripts in `ROOT/shims`, with the versions in `ROOT/versions`. */
const managers = [
  { name: 'pyenv', variable: 'PYENV_VERSION', file: '.python-version' },
  { name: 'rbenv', variable: 'RBENV_VERSION', file: '.ruby-version' },
  { name: 'nodenv', variable: 'NODENV_VERSION', file: '.node-version' },
];

/**
 * Finds the program that a shim of pyenv, rbenv or nodenv starts, by their own rules: variable, file of the folder, file
 * of the user. Their shims take half a second. Returns `undefined` where only the shim itself can tell. Source: pyenv's
 * README, "Understanding Python version selection".
 * @param path the shim
 * @param folder the checkout, if its files count
 */
export async function resolveShim(
  path: string,
  folder: string | undefined,
  { job }: Machine,
): Promise<string | undefined> {
  const root = dirname(dirname(path));
  if (basename(dirname(path)) !== 'shims') return undefined;
  const start = await readHead(path, 1024);
  const manager = managers.find(({ name }) => start.includes(`/libexec/${name}" exec`));
  if (manager === undefined) return undefined;
  const { variable, file } = manager;
  const chosen =
    job.environment[variable] ||
    (folder === undefined ? undefined : await readVersions(join(folder, file))) ||
    (await readVersions(join(root, 'version')));
  const [version] = (chosen ?? '').split(/[:\s]+/).filter((word) => word !== '');
  // Several versions, `system` and names such as `3.11` have rules of their own.
  if (version === undefined || chosen?.trim() !== version || !/^\d+\.\d+\.\d+$/.test(version))
    return undefined;
  const program = join(root, 'versions', version, 'bin', basename(path));
  return (await executablesOf([program]))[0];
}

async function readVersions(path: string): Promise<string | undefined> {
  const text = await readHead(path, 1024).catch(() => undefined);
  return text?.trim() === '' ? undefined : text;
}
