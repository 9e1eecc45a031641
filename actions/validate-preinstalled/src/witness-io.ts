import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import type { Job } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';
import { head } from './files-io.ts';
import { expandPath } from './paths.ts';
import type { Requirement } from './requirement.ts';
import { findOnPath } from './tools-io.ts';

type Environment = Job['environment'];

/** dpkg's database. It is written anew whenever a package comes, goes or changes. */
export const dpkgStatus = '/var/lib/dpkg/status';

/**
 * What changes whenever the answer to a requirement may have changed, had without a process and without reading a file
 * through; `undefined` where there is no such thing, so that the requirement must be checked anew. Variables and capacity
 * have none: to check them costs no more, and the digest of a secret would be something to guess it by.
 */
export async function witnessOf(requirement: Requirement, job: Job): Promise<string | undefined> {
  try {
    if (requirement.kind === 'tool') return await ofTool(requirement.name, job.environment);
    if (requirement.kind === 'package') return await ofPackages(job.environment);
    if (requirement.kind === 'file') return await ofFile(requirement.name, job);
  } catch {
    // Gone, or not to be read: the check itself says so better.
  }
  return undefined;
}

async function ofTool(name: string, environment: Environment): Promise<string | undefined> {
  const [path] = await findOnPath(name, environment);
  // `dotnet --list-sdks` looks into folders that its executable knows nothing of.
  return path === undefined || name === 'dotnet' ? undefined : ofExecutable(path, environment);
}

/** Folders and executables of what starts another program, which it looks up in settings of its own. */
const dispatchers = new Set(
  'shims .cargo rustup volta .volta volta-shim mise asdf corepack snap jabba'.split(' '),
);
const shell = /^(?:(?:ba|da|z|k|a|mk|tc|c)?sh|fish|pwsh|busybox)$/;

/** A script counts with its interpreter. What a shell script starts, and a dispatcher, no file of its own tells. */
async function ofExecutable(path: string, environment: Environment, depth = 0): Promise<string | undefined> {
  const { real, entry, line } = await look(path);
  const isDispatcher =
    [path, real].some((name) => name.split(sep).some((part) => dispatchers.has(part))) ||
    (await isRustup(real, entry));
  // There, macOS has stubs that ask xcode-select.
  const isStub = process.platform === 'darwin' && real.startsWith('/usr/bin/');
  if (isDispatcher || isStub || /\.(?:cmd|bat|ps1)$/i.test(real) || depth > 2) return undefined;
  const named = /^#!\s*(?:\/\S*\/env\s+(?:-S\s*)?)?(\S+)/.exec(await head(real, 256))?.[1];
  if (named === undefined) return line;
  if (shell.test(basename(named))) return undefined;
  const interpreter = isAbsolute(named) ? named : (await findOnPath(named, environment))[0];
  if (interpreter === undefined) return undefined;
  const below = await ofExecutable(interpreter, environment, depth + 1);
  return below === undefined ? undefined : `${line}\n${below}`;
}

/** rustup stands under the names of all its tools, by hard links too. */
async function isRustup(real: string, { ino, dev }: BigIntStats): Promise<boolean> {
  const rustup = join(dirname(real), 'rustup');
  const other = await stat(rustup, { bigint: true }).catch(() => undefined);
  return other !== undefined && other.ino === ino && other.dev === dev;
}

/** `updates` holds what dpkg has not yet put into its database. */
async function ofPackages(environment: Environment): Promise<string | undefined> {
  const isElsewhere = environment['DPKG_ROOT'] !== undefined || environment['DPKG_ADMINDIR'] !== undefined;
  const [query] = await findOnPath('dpkg-query', environment);
  if (isElsewhere || query === undefined) return undefined;
  const files = [query, dpkgStatus, '/var/lib/dpkg/updates'];
  return (await Promise.all(files.map(trace))).join('\n');
}

/** What lies in the job's own folders is new in each job, and would make each fingerprint a new one. */
async function ofFile(name: string, { workspace, temp, environment }: Job): Promise<string | undefined> {
  const path = resolve(workspace, expandPath(name, environment));
  const real = await realpath(path);
  const places = await Promise.all([workspace, temp].map((place) => realpath(place).catch(() => place)));
  return places.some((place) => isInside(real, place)) ? undefined : trace(path);
}

/** A path, what it leads to, and that file's identity. A copy that keeps the time of the old one still has a ctime of its own. */
export async function trace(path: string): Promise<string> {
  return (await look(path)).line;
}

async function look(path: string): Promise<{ real: string; entry: BigIntStats; line: string }> {
  const real = await realpath(path);
  const entry = await stat(real, { bigint: true });
  const { ino, size, mtimeNs, ctimeNs } = entry;
  return { real, entry, line: [path, real, ino, size, mtimeNs, ctimeNs].join('\t') };
}
