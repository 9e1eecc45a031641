import { appendFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Job } from '@runner-actions/core';
import type { Remedy } from '../machine-facts/packages/install-command.ts';

type Environment = Job['environment'];

/** Where managers put programs, which is often not on PATH before the first is there. */
const folders: Partial<Record<Remedy['by'], (environment: Environment, home: string) => string>> = {
  pip: (_, home) => join(home, '.local/bin'),
  pipx: ({ PIPX_BIN_DIR }, home) => PIPX_BIN_DIR ?? join(home, '.local/bin'),
  npm: ({ NPM_CONFIG_PREFIX }, home) => join(NPM_CONFIG_PREFIX ?? join(home, '.npm-global'), 'bin'),
  cargo: ({ CARGO_HOME }, home) => join(CARGO_HOME ?? join(home, '.cargo'), 'bin'),
  go: ({ GOBIN, GOPATH }, home) => GOBIN ?? join(GOPATH?.split(delimiter)[0] ?? join(home, 'go'), 'bin'),
};

/**
 * Returns the folders that exist and are not on PATH: those of the managers that installed something, and those that
 * features named.
 */
export async function newPaths(
  managers: readonly Remedy['by'][],
  named: readonly string[],
  environment: Environment,
): Promise<string[]> {
  const home = environment['HOME'] ?? homedir();
  const own = managers.flatMap((manager) => folders[manager]?.(environment, home) ?? []);
  const known = (environment['PATH'] ?? '').split(delimiter);
  const candidates = [...new Set([...named, ...own])].filter(
    (path) => isAbsolute(path) && !known.includes(path) && !/[\r\n]/.test(path) && !path.includes(delimiter),
  );
  const exist = await Promise.all(
    candidates.map((path) =>
      stat(path).then(
        (one) => one.isDirectory(),
        () => false,
      ),
    ),
  );
  return candidates.filter((_, index) => exist[index] === true);
}

/**
 * Puts folders in front of PATH, for the steps after this one as well.
 * @returns the job with the new PATH
 */
export async function exportPaths(job: Job, paths: readonly string[]): Promise<Job> {
  if (paths.length === 0) return job;
  const file = job.environment['GITHUB_PATH'];
  if (file !== undefined && file !== '') await appendFile(file, `${paths.join('\n')}\n`);
  const PATH = [...paths, job.environment['PATH'] ?? ''].join(delimiter);
  return { ...job, environment: { ...job.environment, PATH } };
}
