import { mkdtemp, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Deadline, Job } from '@runner-actions/core';
import type { Machine } from './kinds/kind.ts';

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
    folder: () =>
      machine.once('folder', async () => {
        own = await mkdtemp(join(job.temp, 'probe-')).catch(() => undefined);
        // Where no folder can be made, the root is the one that is the least likely to hold a project.
        return own ?? parse(process.execPath).root;
      }),
  };
  return {
    ...machine,
    // What a tool left running may still write there. The folder is the runner's to empty, and no reason to know nothing.
    close: async () => {
      if (own !== undefined) await rm(own, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}
