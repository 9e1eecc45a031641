import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './actions.ts';

/** An installed tool at its pinned version, or the reason why it is missing. */
export type Tool = { path: string } | { missing: string };

/** The folder for tools that are not npm dependencies. */
export const toolsFolder = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'runner-actions-tools',
);

/**
 * Installs a Go program for this project only. Go compares what it downloads with its public checksum database.
 *
 * @param source the Go package, without a version
 * @throws Error if the version is not exact
 */
export function installGoTool(name: string, source: string, version: string): Tool {
  if (!/^v\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}: ${version} is not one exact version`);
  const bin = join(toolsFolder, `${name}-${version}`);
  const path = join(bin, name);
  if (existsSync(path)) return { path };
  mkdirSync(bin, { recursive: true });
  return download('go', ['install', `${source}@${version}`], { GOBIN: bin })
    ? { path }
    : { missing: `${name} needs Go (go install ${source}@${version})` };
}

/** A Python package that is installed into an environment of its own. */
export interface PythonTool {
  name: string;
  /** The file with the pinned versions; the one of `name` is in the name of the environment. */
  requirements: string;
}

/** Returns the folder of a tool's environment. It exists once the tool is installed. */
export function pythonEnvironment({ name, requirements }: PythonTool): string {
  const line = readFileSync(requirements, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}==`));
  return join(toolsFolder, `${name}-${line?.split('==')[1]?.split(' ')[0]}`);
}

/** Installs a Python package for this project only. pip refuses files with another digest than the pinned ones. */
export function installPythonTool(tool: PythonTool, program: string): Tool {
  const environment = pythonEnvironment(tool);
  const path = join(environment, 'bin', program);
  // A killed installation leaves the program without it.
  const done = join(environment, 'installed');
  if (existsSync(done)) return { path };
  const pinned = ['--require-hashes', '--requirement', tool.requirements];
  const made =
    run('python3', ['-m', 'venv', environment]) &&
    download(join(environment, 'bin', 'pip'), ['install', '--quiet', '--only-binary=:all:', ...pinned]);
  if (!made) return { missing: `${tool.name} needs Python 3 with venv and pip` };
  writeFileSync(done, '');
  return { path };
}

const actVersion = '0.2.89';

/** Returns `act` from PATH if it has the pinned version; otherwise installs it for this project. */
export function findAct(): Tool {
  const { stdout } = spawnSync('act', ['--version'], { encoding: 'utf8' });
  if (stdout?.trim().endsWith(` ${actVersion}`)) return { path: 'act' };
  return installGoTool('act', 'github.com/nektos/act', `v${actVersion}`);
}

/** Runs a command and shows its output. Returns whether it succeeded. */
export function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  return start(command, args, env).status === 0;
}

/** Runs a command that downloads, and retries it when it fails. @param pauses seconds before each retry */
export function download(
  command: string,
  args: string[],
  env: Record<string, string> = {},
  pauses: readonly number[] = [5, 20],
): boolean {
  const { status, error } = start(command, args, env);
  const [pause, ...laterPauses] = pauses;
  // `error` is set if the command does not exist. A retry cannot help then.
  if (status === 0 || error !== undefined || pause === undefined) return status === 0;
  console.log(`${command} failed. Retrying in ${pause} s.`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause * 1000);
  return download(command, args, env, laterPauses);
}

function start(command: string, args: string[], env: Record<string, string>) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
}
