import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';

/** Whether a program that answers to `--version` is on PATH. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Describes the case without a program, and the Debian package that brings it. */
export function needs(program: string, from = program) {
  const isSkipped = !isInstalled(program);
  return { isSkipped, reason: isSkipped ? ` (skipped without the package ${from})` : '' };
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/**
 * Starts one of Prometheus' servers on a free port of this machine, until the test ends.
 * @returns its address, when it listens
 */
export async function startServer(program: string, args: readonly string[]): Promise<string> {
  const options = ['--web.listen-address=127.0.0.1:0', ...args];
  const child = spawn(program, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  stops.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stderr.resume();
    return `http://${address}`;
  }
  throw new Error(`${program} ended before it listened`);
}
