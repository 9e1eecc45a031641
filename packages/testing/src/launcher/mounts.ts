import { spawnSync } from 'node:child_process';

/** Node instead of a shell, because a shell drops variables whose names it does not allow, such as `STATE_runner-actions`. */
const mountScript = `
const { spawnSync } = require('node:child_process');
const [mounts, command, ...args] = process.argv.slice(1);
const failed = JSON.parse(mounts).some((mountArgs) => spawnSync('mount', mountArgs, { stdio: 'inherit' }).status !== 0);
process.exitCode = failed ? 125 : (spawnSync(command, args, { stdio: 'inherit' }).status ?? 126);
`;

/**
 * Returns a `wrap` command that starts a process in its own mount namespace, so that nothing on the machine changes.
 * @param mounts argument lists for `mount`, called in this order in the namespace
 * @returns `undefined` if the machine does not allow such a namespace or these mounts
 */
export function withMounts(mounts: readonly (readonly string[])[]): string[] | undefined {
  const options = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const wrap = ['unshare', ...options, process.execPath, '--eval', mountScript, JSON.stringify(mounts)];
  return spawnSync(wrap[0] ?? '', [...wrap.slice(1), 'true']).status === 0 ? wrap : undefined;
}

/** Returns a `wrap` command that mounts a file system in memory at `path`, see `withMounts`. @param size such as `1m` */
export function withSmallDisk(path: string, size: string): string[] | undefined {
  return withMounts([['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', path]]);
}

/** Returns a `wrap` command that makes `path` read-only, see `withMounts`. */
export function withReadOnly(path: string): string[] | undefined {
  return withMounts([
    ['--bind', path, path],
    ['-o', 'remount,bind,ro', path],
  ]);
}
