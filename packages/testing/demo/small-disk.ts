import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const mark = 'RUNNER_ACTIONS_DEMO_DISK';

/**
 * For the scenario of a full disk: a file system of 2 MiB at `path`, in a mount namespace of the demo's own, so that
 * nothing of the machine changes. The first call starts the demo anew inside such a namespace and answers its exit code;
 * inside, it answers `undefined`: go on. @throws Error where the machine allows no such namespace
 */
export function enterSmallDisk(path: string): number | undefined {
  if (process.env[mark] === path) return undefined;
  mkdirSync(path, { recursive: true });
  const script = 'mount -t tmpfs -o size=2m,mode=700 tmpfs "$1" && shift && exec "$@"';
  const again = [process.execPath, ...process.argv.slice(1)];
  const options = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const probe = spawnSync('unshare', [...options, '/bin/sh', '-c', script, 'sh', path, 'true'], {
    encoding: 'utf8',
  });
  if (probe.status !== 0) {
    throw new Error(
      `This machine allows no mount namespace of one's own, which this scenario needs: ${probe.stderr || probe.error?.message}`,
    );
  }
  const inside = spawnSync('unshare', [...options, '/bin/sh', '-c', script, 'sh', path, ...again], {
    stdio: 'inherit',
    env: { ...process.env, [mark]: path },
  });
  return inside.status ?? 1;
}
