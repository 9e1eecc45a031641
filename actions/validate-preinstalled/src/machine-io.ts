import { mkdtemp, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { type Deadline, type Job, trustOf } from '@runner-actions/core';
import { ownContainer } from '@runner-actions/host';
import type { Facts } from '@runner-actions/manifest';
import type { Machine } from './kinds/kind.ts';
import { readOsRelease } from './os-release-io.ts';

/**
 * Creates the machine for one check. `close` removes its temporary folder.
 * @param allowed whether the workflow allows the manifest's own commands. Untrusted events never may run them
 */
export function openMachine(
  job: Job,
  deadline: Deadline,
  allowed = false,
): Machine & { close(): Promise<void> } {
  const found = new Map<string, Promise<unknown>>();
  let own: string | undefined;
  const { trusted } = trustOf(job, []);
  const machine: Machine = {
    job,
    facts: factsOf(job),
    trusted,
    strangersManifest: !trusted,
    allowCommands: allowed && trusted,
    howToAllow: trusted
      ? "Set the input 'allow-commands' to true, if you trust who can change the manifest."
      : 'It never runs for an untrusted event, such as a pull request from a fork.',
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

const systems: Record<string, string> = { darwin: 'macos', win32: 'windows' };

function factsOf(job: Job): Facts {
  const release = readOsRelease();
  return {
    os: systems[process.platform] ?? process.platform,
    arch: process.arch,
    distribution: release === undefined ? [] : [release.id, ...release.like],
    hosted: job.runner.environment === 'github-hosted',
    container: ownContainer().inside,
    event: job.eventName,
    workflow: job.workflow,
    job: job.name,
    runner: job.runner.name,
    environment: job.environment,
  };
}
