import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { JobOptions, JobResult } from '@runner-actions/testing';

export const action = resolve(import.meta.dirname, '..');

/** The uid of the runner in tests that would pass for the wrong reason as root. */
export const user = 65534;

/** Why these tests are skipped, for their titles; '' if they run. */
export const reason = process.getuid?.() === 0 ? '' : ' (skipped: only root can become another user)';

type Job = Pick<JobResult, 'conclusion' | 'steps' | 'posts' | 'workspace' | 'directory'>;

/**
 * Runs a job on the runner of an ordinary user.
 * @param wrap a command from `withMounts` or `withPolicy` that wraps the job
 */
export function launchAsUser(options: JobOptions, wrap: readonly string[] | undefined = []): Job {
  const script = `const { launchJob } = await import('${resolve(action, '../../packages/testing/src/index.ts')}');
    const { conclusion, steps, posts, workspace, directory } = await launchJob(${JSON.stringify(options)});
    console.log('\\n' + JSON.stringify({ conclusion, steps, posts, workspace, directory }));`;
  const become = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const [command = '', ...args] = [...wrap, ...become, process.execPath, '--input-type=module', '-e', script];
  const env = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] };
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, cwd: '/' });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(stderr);
  return JSON.parse(last) as Job;
}

/**
 * Creates a runner's folder with files. The content of each file is its own path. A file whose path starts with `!`
 * belongs to root.
 * @param parent an existing folder
 */
export function makeRunner(files: readonly string[], parent = tmpdir()): string {
  const directory = mkdtempSync(join(parent, 'runner-'));
  const make = (file: string): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), file);
  };
  for (const file of ['_work/app/app/litter', '_work/_temp/x', '_work/_tool/x', 'home/x', ...files])
    if (!file.startsWith('!')) make(file);
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', `${user}:${user}`, directory]);
  for (const file of files) if (file.startsWith('!')) make(file.slice(1));
  return directory;
}

/** Sets an old modification time, so that the path counts as an orphan. */
export function makeOld(path: string): void {
  utimesSync(path, 1000, 1000);
}
