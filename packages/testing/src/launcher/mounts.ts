import { spawnSync } from 'node:child_process';

/** Not a shell: it would drop variables such as `STATE_runner-actions`, whose names are no shell's. */
const enter = `
const { spawnSync } = require('node:child_process');
const [mounts, command, ...args] = process.argv.slice(1);
const failed = JSON.parse(mounts).some((how) => spawnSync('mount', how, { stdio: 'inherit' }).status !== 0);
process.exitCode = failed ? 125 : (spawnSync(command, args, { stdio: 'inherit' }).status ?? 126);
`;

/**
 * For `wrap`: starts a process in a mount namespace of its own, after `mount` was called with each of the argument lists, so that
 * nothing of the machine changes. `undefined` where the machine allows no such namespace, or not these mounts.
 */
export function withMounts(mounts: readonly (readonly string[])[]): string[] | undefined {
  const options = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const wrap = ['unshare', ...options, process.execPath, '--eval', enter, JSON.stringify(mounts)];
  return spawnSync(wrap[0] ?? '', [...wrap.slice(1), 'true']).status === 0 ? wrap : undefined;
}

/** A file system in memory at `path`. @param size such as `1m` */
export function withSmallDisk(path: string, size: string): string[] | undefined {
  return withMounts([['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', path]]);
}

/** What is at `path`, to be read only. */
export function withReadOnly(path: string): string[] | undefined {
  return withMounts([
    ['--bind', path, path],
    ['-o', 'remount,bind,ro', path],
  ]);
}
