import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf, type Job } from '@runner-actions/core';
import { runnerFolders } from '@runner-actions/host';
import { type Space, versionOf } from '@runner-actions/store';
import { portablePathNames, runnerRoots } from './runner-roots.ts';
import { type Scopes, scopesOf } from './scopes.ts';
import type { ResolvedInputs } from './resolve-inputs.ts';
import type { PathContext } from './targets.ts';

/** All that is settled before anything is looked up; saved for post. */
export interface CachePlan {
  inputs: ResolvedInputs;
  /** `undefined`: the disk is left alone. */
  root: string | undefined;
  /** Why the disk is left alone; else empty. */
  whyNoDisk: string;
  /** GitHub throws this machine away after the job, so nothing on it needs to be kept for anyone. */
  isHosted: boolean;
  /** The paths as every machine names them. */
  names: string[];
  repository: string;
  read: Space[];
  write: Space | undefined;
  scopeSource: Scopes['source'];
  report: string;
  /** The pack of the shared level that main found damaged: post replaces it. */
  damagedPack?: string;
}

/** Where to look and where to save. @param chosenRoot where the store is, if anyone said so */
export function planCache(inputs: ResolvedInputs, job: Job, chosenRoot?: string): CachePlan {
  const whyNoDisk = reasonForNoLocalStore(inputs, job, chosenRoot);
  const isHosted = job.runner.environment === 'github-hosted';
  const names = portablePathNames(inputs.paths, runnerRoots(job));
  const system = inputs.crossOs ? [] : [job.runner.os, job.runner.arch];
  const { read, write, source } = spacesOf(inputs, job, versionOf(names, system));
  return {
    inputs,
    root: whyNoDisk === '' ? (chosenRoot ?? defaultRoot(job)) : undefined,
    whyNoDisk,
    isHosted,
    names,
    repository: job.repository.fullName,
    read,
    write,
    scopeSource: source,
    report: join(job.temp, 'runner-actions', `restore-local-cache-${process.pid}.json`),
  };
}

/**
 * A scope that several refs or repositories share is saved to by runs that may save to the default branch's cache. All others
 * save to their own ref's, as without it, and find that again behind what is shared.
 */
function spacesOf(
  { scope }: ResolvedInputs,
  job: Job,
  version: string,
): Pick<CachePlan, 'read' | 'write'> & Pick<Scopes, 'source'> {
  const { read, write, mayShare, source } = scopesOf({
    ...factsOf(job),
    ref: job.ref,
    token: job.environment['ACTIONS_RUNTIME_TOKEN'],
    mode: job.environment['ACTIONS_CACHE_MODE'],
  });
  const at = { host: new URL(job.serverUrl).host, version };
  const own = { ...at, repositoryId: job.repository.id || job.repository.fullName };
  const ofRef = (ref: string): Space => ({ ...own, scope: ref });
  const ownWrite = write === undefined ? undefined : ofRef(write);
  if (scope === 'auto') return { read: read.map(ofRef), write: ownWrite, source };
  const shared: Space = { ...(scope === 'host' ? { ...at, repositoryId: '' } : own), scope };
  if (mayShare) return { read: read.length === 0 ? [] : [shared], write: shared, source };
  const mayRead = read.length > 0 ? [shared, ownWrite].filter((space) => space !== undefined) : [];
  return { read: mayRead, write: ownWrite, source };
}

/**
 * In `_work`, which job containers see as well, and which is on the file system of every workspace. Jobs in containers are often
 * another user, who has one of its own then.
 */
export function defaultRoot(job: Job): string {
  const root = join(runnerFolders(job).work, '_runner-actions-cache');
  const user = process.getuid?.();
  const owner = lstatSync(root, { throwIfNoEntry: false })?.uid;
  return owner === undefined || user === undefined || owner === user ? root : `${root}-${user}`;
}

function reasonForNoLocalStore({ remote }: ResolvedInputs, job: Job, chosenRoot: string | undefined): string {
  if (remote === 'only') return 'remote is only';
  if (job.runner.environment === 'github-hosted') return 'a hosted runner is thrown away with its disk';
  if (chosenRoot === undefined && isEphemeral(job))
    return 'this runner is ephemeral, and nobody named a store that outlives it';
  return '';
}

/** The runner notes in its own folder that it takes one job only. Source: actions/runner, RunnerSettings. */
function isEphemeral(job: Job): boolean {
  const { root } = runnerFolders(job);
  if (root === undefined) return false;
  try {
    const text = readFileSync(join(root, '.runner'), 'utf8').replace(/^\uFEFF/, '');
    const settings = JSON.parse(text) as Record<string, unknown>;
    const name = Object.keys(settings).find((key) => key.toLowerCase() === 'ephemeral');
    return name !== undefined && String(settings[name]).toLowerCase() === 'true';
  } catch {
    return false;
  }
}

/** What no path may replace. */
export function pathContext({ root }: CachePlan, job: Job): PathContext {
  return { roots: runnerRoots(job), store: root };
}
