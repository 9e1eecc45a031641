import { type BigIntStats, type Dirent, lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { nothingRemoved, type Removal, type RemoveOptions } from './removal.ts';
import { walkByPath } from './removal-walk-by-path.ts';

/** What a removal by path needs of the system. Tests let it answer as Windows or macOS does. */
export interface PathSystem {
  platform: NodeJS.Platform;
  lstat(path: string | Buffer): BigIntStats;
  list(path: string | Buffer): Dirent<Buffer>[];
  unlink(path: string | Buffer): void;
  rmdir(path: string | Buffer): void;
  /** Blocks this process. */
  wait(milliseconds: number): void;
}

/**
 * Node passes these paths to Windows with the prefix `\\?\`, so that they may be longer than 260 characters and end in
 * a dot, and `nul` is a name. Its `unlink` ignores the read-only attribute, and removes links to directories and
 * junctions without following them. Source: nodejs/node, src/path.cc; libuv, src/win/fs.c.
 */
const thisSystem: PathSystem = {
  platform: process.platform,
  lstat: (path) => lstatSync(path, { bigint: true }),
  list: (path) => readdirSync(path, { withFileTypes: true, encoding: 'buffer' }),
  unlink: unlinkSync,
  rmdir: rmdirSync,
  wait: (milliseconds) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
};

/** Milliseconds between two passes over what another program has locked. */
const pauses = [100, 200, 400, 800, 1600];

/**
 * Empties a directory on systems where directories cannot be held open. With `waits`, it tries again what another
 * program has locked. What stays then is moved with `aside`, if that is possible: Windows lets a running program be
 * renamed, but not removed.
 */
export function emptyByPath(
  path: string,
  options: RemoveOptions,
  removal: Removal = nothingRemoved(),
  system: Partial<PathSystem> = {},
): Removal {
  const calls = { ...thisSystem, ...system };
  const pass = (aside: RemoveOptions['aside']): { isLocked: boolean } => {
    Object.assign(removal, { residue: [], kept: 0, blocked: '', finished: true });
    const { aside: _, ...rest } = options;
    return walkByPath(path, aside === undefined ? rest : { ...rest, aside }, removal, calls);
  };
  let { isLocked } = pass(undefined);
  for (const pause of options.waits === true ? pauses : []) {
    if (!isLocked || !removal.finished || (options.deadline?.remaining() ?? Infinity) <= pause) break;
    calls.wait(pause);
    ({ isLocked } = pass(undefined));
  }
  if (options.aside !== undefined && removal.finished && removal.residue.length > 0) pass(options.aside);
  return removal;
}
