import { join } from 'node:path';
import type { Job } from '@runner-actions/core';
import { runnerFolders } from '@runner-actions/host';
import { type Space, versionOf } from '@runner-actions/store';
import type { SettledInputs } from './settle.ts';
import { scopesOf } from './scopes.ts';
import type { Surroundings } from './targets.ts';

/** All that is settled before anything is looked up; saved for post. */
export interface CachePlan {
  inputs: SettledInputs;
  /** `undefined`: the disk is left alone. */
  root: string | undefined;
  read: Space[];
  write: Space | undefined;
  report: string;
}

/** Where to look and where to save. A hosted runner's disk is thrown away with it. @param chosen where the store is, if anyone said so */
export function planCache(inputs: SettledInputs, job: Job, chosen?: string): CachePlan {
  const isLocal = inputs.remote !== 'only' && job.runner.environment !== 'github-hosted';
  const own = join(runnerFolders(job).work, '..', '_runner-actions-cache');
  const root = isLocal ? (chosen ?? own) : undefined;
  const { read, write } = scopesOf(job.eventName, job.ref, job.payload());
  const common = {
    host: new URL(job.serverUrl).host,
    repositoryId: job.repository.id || job.repository.fullName,
    version: versionOf(inputs.paths, job.runner.os, job.runner.arch),
  };
  return {
    inputs,
    root,
    read: read.map((scope) => ({ ...common, scope })),
    write: write === undefined ? undefined : { ...common, scope: write },
    report: join(job.temp, 'runner-actions', `restore-local-cache-${process.pid}.json`),
  };
}

/** What no path may replace. */
export function surroundings({ root }: CachePlan, job: Job): Surroundings {
  return { workspace: job.workspace, home: job.environment['HOME'], store: root };
}
