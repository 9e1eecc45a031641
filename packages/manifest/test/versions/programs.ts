import { spawnSync } from 'node:child_process';

/** Starts a program, gives it lines, and returns the lines that it prints. Throws if it fails. */
export function ask(program: string, args: readonly string[], lines: readonly string[] = []): string[] {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    input: lines.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (status !== 0 || error !== undefined) {
    throw new Error(`${program} ends with ${status}: ${stderr.slice(0, 500)}`, { cause: error });
  }
  return stdout.split('\n').slice(0, -1);
}

/** Whether a program runs with these arguments and succeeds. */
export function answers(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
