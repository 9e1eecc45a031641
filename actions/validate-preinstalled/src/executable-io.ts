import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import type { Job } from '@runner-actions/core';
import { readHead, undefinedIfMissing, inspectFile } from './file-identity-io.ts';
import { interpreterOf } from '@runner-actions/manifest';
import { executablesOf, findOnPath } from './search-path-io.ts';

/** Names of folders and executables of version managers, which start another program as their settings say. */
const dispatchers = new Set(
  'shims .cargo rustup volta .volta volta-shim mise asdf corepack snap jabba'.split(' '),
);
const shell = /^(?:(?:ba|da|z|k|a|mk|tc|c)?sh|fish|pwsh|busybox)$/;

/**
 * Returns the identity of an executable; for a script, together with its interpreter. Returns `undefined` for shell
 * scripts and version managers, because their own file does not show which program they start.
 */
export async function executableIdentity(
  path: string,
  environment: Job['environment'],
  depth = 0,
): Promise<string | undefined> {
  const { real, identity } = await inspectFile(path);
  // On macOS, /usr/bin has stubs that start the program xcode-select chooses.
  const isStub = process.platform === 'darwin' && real.startsWith('/usr/bin/');
  if ((await isDispatched(path)) || isStub || /\.(?:cmd|bat|ps1)$/i.test(real) || depth > 2) return undefined;
  const named = /^#!\s*(?:\/\S*\/env\s+(?:-S\s*)?)?(\S+)/.exec(await readHead(real, 256))?.[1];
  if (named === undefined) return identity;
  if (shell.test(basename(named))) return undefined;
  const interpreter = isAbsolute(named) ? named : (await findOnPath(named, environment))[0];
  if (interpreter === undefined) return undefined;
  const interpreterIdentity = await executableIdentity(interpreter, environment, depth + 1);
  return interpreterIdentity === undefined ? undefined : `${identity}\n${interpreterIdentity}`;
}

/** ELF, and Mach-O in its forms. */
const programs = ['7f454c46', 'cffaedfe', 'cefaedfe', 'feedfacf', 'feedface', 'cafebabe'];

/**
 * Whether an executable can be started as far as its first bytes tell: a program for a machine, or a script whose
 * interpreter exists.
 */
export async function mayRun(path: string, { job }: { job: Job }): Promise<boolean> {
  const start = await readHead(path, 256);
  if (programs.includes(Buffer.from(start.slice(0, 4), 'latin1').toString('hex'))) return true;
  const [interpreter, ...given] = interpreterOf(start) ?? [];
  if (interpreter === undefined) return process.platform === 'win32';
  if ((await executablesOf([interpreter])).length === 0) return false;
  const named = basename(interpreter) === 'env' ? given.find((word) => !/^-|=/.test(word)) : undefined;
  return named === undefined || (await findOnPath(named, job.environment)).length > 0;
}

/** Whether an executable belongs to a version manager, which starts another program as its settings say. */
export async function isDispatched(path: string): Promise<boolean> {
  const { real } = await inspectFile(path);
  // The programs of a toolchain are in `.rustup`, but are no shims.
  const isNamed = [path, real].some((name) => name.split(sep).some((part) => dispatchers.has(part)));
  return isNamed || isRustup(path);
}

/** Whether an executable is rustup, which is installed under the names of all its tools, also as hard links. */
export async function isRustup(path: string): Promise<boolean> {
  const { real, entry } = await inspectFile(path);
  const { ino, dev } = entry;
  const rustup = join(dirname(real), 'rustup');
  const other = await undefinedIfMissing(stat(rustup, { bigint: true }));
  return other !== undefined && other.ino === ino && other.dev === dev;
}
