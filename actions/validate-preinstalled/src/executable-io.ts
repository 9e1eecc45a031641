import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import type { Job } from '@runner-actions/core';
import { head, ifThere, look } from './files-io.ts';
import { findOnPath } from './search-path-io.ts';

/** Folders and executables of what starts another program, which it looks up in settings of its own. */
const dispatchers = new Set(
  'shims .cargo rustup volta .volta volta-shim mise asdf corepack snap jabba'.split(' '),
);
const shell = /^(?:(?:ba|da|z|k|a|mk|tc|c)?sh|fish|pwsh|busybox)$/;

/**
 * The identity of an executable; a script counts with its interpreter. `undefined` for what a shell script starts, and a dispatcher: no
 * file of its own tells that.
 */
export async function traceExecutable(
  path: string,
  environment: Job['environment'],
  depth = 0,
): Promise<string | undefined> {
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
  const below = await traceExecutable(interpreter, environment, depth + 1);
  return below === undefined ? undefined : `${line}\n${below}`;
}

/** rustup stands under the names of all its tools, by hard links too. */
async function isRustup(real: string, { ino, dev }: BigIntStats): Promise<boolean> {
  const rustup = join(dirname(real), 'rustup');
  const other = await ifThere(stat(rustup, { bigint: true }));
  return other !== undefined && other.ino === ino && other.dev === dev;
}
