import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { JobOptions, JobResult } from '@runner-actions/testing';

export const action = resolve(import.meta.dirname, '..');

/** Whoever the runner works as in tests that root would pass for the wrong reason. */
export const user = 65534;

/** Why such tests are skipped here, to be put behind their names. */
export const reason = process.getuid?.() === 0 ? '' : ' (skipped: only root can become another user)';

type Job = Pick<JobResult, 'conclusion' | 'steps' | 'posts' | 'workspace' | 'directory'>;

/**
 * A job of an ordinary user's runner.
 * @param wrap such as `withMounts` and `withPolicy` give
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

/** A runner's folder with these files, each of which has its own path as content; those with `!` before them are root's. */
export function makeRunner(files: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'runner-'));
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

/** Lets what is there be old enough to be a leftover. */
export function makeOld(path: string): void {
  utimesSync(path, 1000, 1000);
}
