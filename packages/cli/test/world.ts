import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findRunnerNode } from '@runner-actions/testing';

export const tree = resolve(import.meta.dirname, '../dist');
export const cli = join(tree, 'cli.js');

/** The Node of this project, and the older one of runners if there is one. */
export const nodes = [...new Set([process.execPath, findRunnerNode()])];

/** A namespace with processes of its own, so that runners of other tests are not visible. It ends with its first process. */
const isolated = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** Whether this machine allows it. */
export const isIsolated = spawnSync('unshare', [...isolated.slice(1), 'true']).status === 0;

/** Creates the folder of a runner with files, each of which contains its own path. */
export function makeRunner(...files: string[]): string {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'cli-'))), 'runner');
  const make = (path: string, text = path): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  make('.runner', '\uFEFF{"agentName":"r1","workFolder":"_work"}');
  for (const path of files) make(path);
  return root;
}

/** The name of a folder in the trash whose clean-up has ended. */
export const ofDeadCleanUp = `999999999_1_00000000-0000-0000-0000-000000000000_1_${hostname().replaceAll(/[^A-Za-z0-9.-]/g, '-')}_x`;

/** What a clean-up of an idle runner removes, and what stays. */
export const leftovers = ['_work/_temp/_github_workflow/event.json', '_work/_temp/left/file'];
export const kept = ['_work/app/app/file', '_work/_tool/x/1/x64/file'];

/** Lists the files and folders below a folder. */
export const listTree = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command in a namespace, beside fake processes of a runner.
 * @param script bash, with the command in `"$@"`, and a function `fake KIND` that starts such a process
 */
export async function runIsolated(
  root: string,
  command: readonly string[],
  script = 'fake Listener; "$@"',
  env: Record<string, string> = {},
): Promise<Ran> {
  const fake = `root=$1; shift; fake() { bash --norc -c 'exec -a "$0/bin/Runner.$1" sleep 600' "$root" "$1" >/dev/null 2>&1 &
    while ! grep -qs "Runner.$1" "/proc/$!/cmdline"; do :; done; }`;
  const argv = [...isolated, 'bash', '--norc', '-c', `${fake}\n${script}`, 'bash', root, ...command];
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const status = await new Promise<number | null>((done) => child.on('close', done));
  return { status, stdout, stderr };
}
