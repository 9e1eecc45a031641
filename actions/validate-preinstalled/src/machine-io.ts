import { mkdtemp, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Deadline, Job } from '@runner-actions/core';
import type { Machine } from './kinds/kind.ts';

/** Creates the machine for one check. `close` removes its temporary folder. */
export function openMachine(job: Job, deadline: Deadline): Machine & { close(): Promise<void> } {
  const found = new Map<string, Promise<unknown>>();
  let own: string | undefined;
  const machine: Machine = {
    job,
    deadline,
    once: <T>(key: string, find: () => Promise<T>) => {
      const known = found.get(key) ?? find();
      found.set(key, known);
      return known as Promise<T>;
    },
    emptyFolder: () =>
      machine.once('folder', async () => {
        own = await mkdtemp(join(job.temp, 'probe-')).catch(() => undefined);
        // If no folder can be created, use the root: it is the least likely to hold a project.
        return own ?? parse(process.execPath).root;
      }),
  };
  return {
    ...machine,
    // A process that a tool left behind may still write there. Ignore the failure: the runner empties its temp
    // directory.
    close: async () => {
      if (own !== undefined) await rm(own, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}
