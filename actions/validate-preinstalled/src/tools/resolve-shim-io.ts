import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readHead } from '../file-identity-io.ts';
import { isRustup } from '../executable-io.ts';
import type { Machine } from '../kinds/kind.ts';
import {
  defaultToolchain,
  folderFor,
  listToolchains,
  rustupFolder,
} from '../machine-facts/rust/rustup-io.ts';
import { executablesOf } from '../search-path-io.ts';

/** Version managers whose shims are shell scripts in `ROOT/shims`, with the versions in `ROOT/versions`. */
const managers = [
  { name: 'pyenv', variable: 'PYENV_VERSION', file: '.python-version' },
  { name: 'rbenv', variable: 'RBENV_VERSION', file: '.ruby-version' },
  { name: 'nodenv', variable: 'NODENV_VERSION', file: '.node-version' },
];

/**
 * Finds the program that a shim of pyenv, rbenv, nodenv or rustup starts, by their own rules: variable, file of the
 * folder, file of the user. The shims of pyenv take half a second. Returns `undefined` where only the shim itself can
 * tell. Source: pyenv's README, "Understanding Python version selection".
 * @param path the shim
 * @param folder the checkout, if its files count
 */
export async function resolveShim(
  path: string,
  folder: string | undefined,
  machine: Machine,
): Promise<string | undefined> {
  const root = dirname(dirname(path));
  if (basename(path) !== 'rustup' && (await isRustup(path))) return programOfRustup(path, folder, machine);
  if (basename(dirname(path)) !== 'shims') return undefined;
  const start = await readHead(path, 1024);
  const manager = managers.find(({ name }) => start.includes(`/libexec/${name}" exec`));
  if (manager === undefined) return undefined;
  const { variable, file } = manager;
  const chosen =
    machine.job.environment[variable] ||
    (folder === undefined ? undefined : await readVersions(join(folder, file))) ||
    (await readVersions(join(root, 'version')));
  const [version] = (chosen ?? '').split(/[:\s]+/).filter((word) => word !== '');
  // Several versions, `system` and names such as `3.11` have rules of their own.
  if (version === undefined || chosen?.trim() !== version || !/^\d+\.\d+\.\d+$/.test(version))
    return undefined;
  const program = join(root, 'versions', version, 'bin', basename(path));
  return (await executablesOf([program]))[0];
}

/** Finds the program of the default toolchain, unless the checkout chooses one. */
async function programOfRustup(
  path: string,
  folder: string | undefined,
  { job }: Machine,
): Promise<string | undefined> {
  const home = rustupFolder(job.environment);
  const isChosen =
    folder !== undefined &&
    ['rust-toolchain.toml', 'rust-toolchain'].some((name) => existsSync(join(folder, name)));
  const named = home === undefined || isChosen ? undefined : await defaultToolchain(home, job.environment);
  const installed = home === undefined ? [] : await listToolchains(home);
  if (home === undefined || named === undefined || 'unknown' in installed) return undefined;
  const toolchain = folderFor(named, installed);
  if (toolchain === undefined) return undefined;
  return (await executablesOf([join(home, 'toolchains', toolchain, 'bin', basename(path))]))[0];
}

async function readVersions(path: string): Promise<string | undefined> {
  const text = await readHead(path, 1024).catch(() => undefined);
  return text?.trim() === '' ? undefined : text;
}
