import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@runner-actions/core';
import { type Folder, ownerOf, pathInFolder } from '@runner-actions/host';
import { releaseLock, takeLock } from '@runner-actions/store';
import type { RunnerResult } from './clean-runner.ts';

const name = '.runner-actions-cleanup.lock';
/** Milliseconds after which the lock of a process that cannot be checked is stale. */
const staleAfter = 3_600_000;
/** Milliseconds. No clean-up takes as long, so somebody must look at an older lock of a living process. */
const suspicious = 86_400_000;

type Lock =
  { taken: true; release(): void } | { taken: false; answer: Pick<RunnerResult, 'state'> & { why: string } };

/**
 * Takes the lock of a runner's work folder, so that one clean-up works there at a time. The lock of a process that has
 * ended is taken over.
 * @param work held open, so that the lock is written there and nowhere else
 */
export function lockRunner(work: Folder): Lock {
  const path = pathInFolder(work, name).toString();
  const mine = { owner: ownerOf(process.pid), job: randomUUID(), purpose: 'clean-up' };
  try {
    const holder = takeLock(path, mine, staleAfter);
    if (holder === 'taken') {
      const release = (): void => {
        process.off('exit', release);
        releaseLock(path, mine);
      };
      // A signal ends the process while it works.
      process.once('exit', release);
      return { taken: true, release };
    }
    const found = lstatSync(path, { throwIfNoEntry: false });
    const age = Date.now() - (found?.mtimeMs ?? Date.now());
    const shown = join(work.path, name);
    if (found?.isFile() === false)
      return { taken: false, answer: { state: 'failed', why: `${shown} is no file, so remove it` } };
    // A job can forge a lock, also one of a time to come.
    if (Math.abs(age) < suspicious)
      return { taken: false, answer: { state: 'running', why: `${nameOf(holder.owner.pid)} cleans it` } };
    const why = `${shown} is not of today. If ${nameOf(holder.owner.pid)} is no clean-up, remove that file`;
    return { taken: false, answer: { state: 'failed', why } };
  } catch (error) {
    const why = `the lock ${join(work.path, name)} cannot be taken: ${messageOf(error)}`;
    return { taken: false, answer: { state: 'failed', why } };
  }
}

/** Another user's lock cannot be read, so its process is not known. */
const nameOf = (pid: number): string => (pid > 0 ? `process ${pid}` : 'a process of another user');
