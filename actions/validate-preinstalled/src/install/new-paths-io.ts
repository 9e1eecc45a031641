import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { describeWriteError, type Job } from '@runner-actions/core';
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

/** Windows has no pipes in folders. */
const { O_WRONLY, O_APPEND, O_NONBLOCK = 0 } = constants;

/**
 * Puts folders in front of PATH, for the steps after this one as well.
 * @returns the job with the new PATH; or the job as it was, and why, if the steps after this one would not have it
 */
export async function exportPaths(
  job: Job,
  paths: readonly string[],
): Promise<{ job: Job; problem: string | undefined }> {
  if (paths.length === 0) return { job, problem: undefined };
  const why = await whyNotPassedOn(job, paths);
  if (why !== undefined)
    return { job, problem: `${paths.join(', ')} could not be added to PATH by GITHUB_PATH: ${why}` };
  const PATH = [...paths, job.environment['PATH'] ?? ''].join(delimiter);
  return { job: { ...job, environment: { ...job.environment, PATH } }, problem: undefined };
}

/** Tells the runner about folders. Outside of a job there are no later steps, and nobody to tell. */
async function whyNotPassedOn({ environment }: Job, paths: readonly string[]): Promise<string | undefined> {
  const file = environment['GITHUB_PATH'];
  if (file === undefined || file === '')
    return environment['GITHUB_ACTIONS'] === 'true' ? 'the variable is empty or not set' : undefined;
  try {
    await append(file, `${paths.join('\n')}\n`);
    return undefined;
  } catch (error) {
    return describeWriteError(error, file);
  }
}

/** Appends to a file of the runner. It waits for no pipe, and leaves no part of a line: that would name another folder. */
async function append(path: string, text: string): Promise<void> {
  const file = await open(path, O_WRONLY | O_APPEND | O_NONBLOCK);
  try {
    const entry = await file.stat();
    if (!entry.isFile()) throw new Error(`${path} is not a regular file`);
    await file.writeFile(text).catch(async (error: unknown) => {
      await file.truncate(entry.size).catch(() => undefined);
      throw error;
    });
  } finally {
    await file.close();
  }
}
