import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Deadline, execute, type Job } from '@runner-actions/core';
import { probeEnvironment } from '../probe-environment.ts';
import type { AptLists } from './plan.ts';
import { unknownPackages } from './unknown-packages.ts';

const folder = '/var/lib/apt/lists';
/** Milliseconds. Mirrors remove old versions of packages, so that old lists name files that are gone. */
const maxAge = 24 * 60 * 60_000;
/** Milliseconds for a simulation, which takes about a second. */
const timeout = 60_000;

/**
 * Finds out whether apt's lists of packages have to be fetched. It changes nothing and needs no root: apt-get simulates
 * the installation.
 * @param packages those of the plan; none: apt is not asked
 * @param simulate whether apt-get may start. Without it, lists that are there count as complete
 */
export async function readAptLists(
  packages: readonly string[],
  { environment }: Pick<Job, 'environment'>,
  deadline: Deadline,
  simulate = true,
): Promise<AptLists> {
  if (packages.length === 0) return { stale: false, complete: true, interrupted: false };
  const newest = await newestList();
  const interrupted = await isInterrupted();
  if (newest === undefined) return { stale: true, complete: false, interrupted };
  const stale = Date.now() - newest > maxAge;
  if (!simulate) return { stale, complete: true, interrupted };
  const env = probeEnvironment(environment);
  const simulation = await execute(['apt-get', '--simulate', 'install', ...packages], {
    env,
    deadline,
    timeout,
  });
  const unknown = unknownPackages(packages, simulation);
  return { stale, complete: simulation.code === 0, interrupted, unknown };
}

/** Whether dpkg left changes that it had not completed, and does not work now. */
async function isInterrupted(): Promise<boolean> {
  const updates = await readdir('/var/lib/dpkg/updates').catch(() => []);
  if (!updates.some((name) => /^\d+$/.test(name))) return false;
  const [lock, locks] = await Promise.all([
    stat('/var/lib/dpkg/lock').catch(() => undefined),
    readFile('/proc/locks', 'utf8').catch(() => ''),
  ]);
  return lock === undefined || !locks.includes(`:${lock.ino} `);
}

/** Returns when the newest list of packages was written, in milliseconds; `undefined`: there is none. */
async function newestList(): Promise<number | undefined> {
  const names = await readdir(folder).catch(() => []);
  const lists = names.filter((name) => /_Packages(?:\.\w{1,5})?$/.test(name));
  const times = await Promise.all(
    lists.map((name) =>
      stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  // apt keeps the time that the server states, so that the folder tells when a list was last fetched.
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: 0 }));
  return times.length === 0 ? undefined : Math.max(mtimeMs, ...times);
}
