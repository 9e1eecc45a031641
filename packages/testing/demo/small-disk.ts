import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const marker = 'RUNNER_ACTIONS_DEMO_DISK';

/**
 * Mounts a file system of 2 MiB at `path` for the scenario `disk-full`. The mount exists only in the demo's own mount
 * namespace, so nothing on the machine changes. To enter the namespace, the demo starts itself again.
 * @returns the exit code of the restarted demo, or `undefined` in the restarted demo, which then continues
 * @throws Error if the machine does not allow a mount namespace
 */
export function enterSmallDisk(path: string): number | undefined {
  if (process.env[marker] === path) return undefined;
  mkdirSync(path, { recursive: true });
  const script = 'mount -t tmpfs -o size=2m,mode=700 tmpfs "$1" && shift && exec "$@"';
  const demo = [process.execPath, ...process.argv.slice(1)];
  const options = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const probe = spawnSync('unshare', [...options, '/bin/sh', '-c', script, 'sh', path, 'true'], {
    encoding: 'utf8',
  });
  if (probe.status !== 0) {
    throw new Error(
      `This scenario needs its own mount namespace, which this machine does not allow: ${probe.stderr || probe.error?.message}`,
    );
  }
  const inside = spawnSync('unshare', [...options, '/bin/sh', '-c', script, 'sh', path, ...demo], {
    stdio: 'inherit',
    env: { ...process.env, [marker]: path },
  });
  return inside.status ?? 1;
}
