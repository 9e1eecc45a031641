import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './actions.ts';

/** A tool at its pinned version, installed for this project alone; or why that cannot be. */
export type Tool = { path: string } | { missing: string };

/** Where tools go that are not npm's. */
export const tools = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'runner-actions-tools');

/** Installs a program that is written in Go. @param source its package, without a version */
export function goTool(name: string, source: string, version: string): Tool {
  const bin = join(tools, `${name}-${version}`);
  const path = join(bin, name);
  if (existsSync(path)) return { path };
  mkdirSync(bin, { recursive: true });
  return download('go', ['install', `${source}@${version}`], { GOBIN: bin })
    ? { path }
    : { missing: `${name} needs Go (go install ${source}@${version})` };
}

const actVersion = '0.2.89';

/** The act on PATH where it is of the right version, else one that is installed for this project. */
export function findAct(): Tool {
  const { stdout } = spawnSync('act', ['--version'], { encoding: 'utf8' });
  if (stdout?.trim().endsWith(` ${actVersion}`)) return { path: 'act' };
  return goTool('act', 'github.com/nektos/act', `v${actVersion}`);
}

/** Whether the command ended well; its output is shown. */
export function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  return start(command, args, env).status === 0;
}

/** As `run`, for what downloads: a registry that is away for a moment is asked again, after so many seconds. */
export function download(
  command: string,
  args: string[],
  env: Record<string, string> = {},
  pauses: readonly number[] = [5, 20],
): boolean {
  const { status, error } = start(command, args, env);
  const [pause, ...others] = pauses;
  // A command that is not there will not come.
  if (status === 0 || error !== undefined || pause === undefined) return status === 0;
  console.log(`${command} failed and is tried again in ${pause} s.`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause * 1000);
  return download(command, args, env, others);
}

function start(command: string, args: string[], env: Record<string, string>) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
}
