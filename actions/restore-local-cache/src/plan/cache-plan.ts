import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultStoreRoot } from '@runner-actions/config';
import { trustFactsOf, type Job } from '@runner-actions/core';
import { runnerFolders } from '@runner-actions/host';
import { type Space, spaceVersion } from '@runner-actions/store';
import { portablePathNames, runnerRoots } from './runner-roots.ts';
import { type Scopes, scopesOf } from './scopes.ts';
import type { ResolvedInputs } from './resolve-inputs.ts';
import type { PathContext } from './targets.ts';

/** All decisions made before the first lookup. Saved for the post phase and written to the report. */
export interface CachePlan {
  inputs: ResolvedInputs;
  /** The root of the local store. `undefined`: no local store is used. */
  root: string | undefined;
  /** Why no local store is used; otherwise empty. */
  whyNoDisk: string;
  /** GitHub deletes this machine after the job, so nothing on it needs to be kept. */
  isHosted: boolean;
  /** The paths under portable names, which are the same on every machine. */
  names: string[];
  repository: string;
  read: Space[];
  write: Space | undefined;
  scopeSource: Scopes['source'];
  report: string;
  /** The name of a damaged pack at the shared level that the main phase found. The post phase replaces it. */
  damagedPack?: string;
}

/**
 * Decides where to look for entries and where to save them.
 * @param chosenRoot the root of the store, if an input, the machine or the configuration sets it
 */
export function planCache(inputs: ResolvedInputs, job: Job, chosenRoot?: string): CachePlan {
  const whyNoDisk = reasonForNoLocalStore(inputs, job, chosenRoot);
  const isHosted = job.runner.environment === 'github-hosted';
  const names = portablePathNames(inputs.paths, runnerRoots(job));
  const system = inputs.crossOs ? [] : [job.runner.os, job.runner.arch];
  const { read, write, source } = spacesOf(inputs, job, spaceVersion(names, system));
  return {
    inputs,
    root: whyNoDisk === '' ? (chosenRoot ?? defaultStoreRoot(runnerFolders(job).work)) : undefined,
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
 * Returns the spaces to read from and to write to.
 *
 * Only runs that may write the default branch's cache write to a scope shared by several refs or repositories. All
 * other runs write to the scope of their own ref, as without sharing, and read it after the shared one.
 */
function spacesOf(
  { scope }: ResolvedInputs,
  job: Job,
  version: string,
): Pick<CachePlan, 'read' | 'write'> & Pick<Scopes, 'source'> {
  const { read, write, mayShare, source } = scopesOf({
    ...trustFactsOf(job),
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

function reasonForNoLocalStore({ remote }: ResolvedInputs, job: Job, chosenRoot: string | undefined): string {
  if (remote === 'only') return "'remote' is 'only'";
  if (job.runner.environment === 'github-hosted')
    return 'the disk of a hosted runner is deleted after the job';
  if (chosenRoot === undefined && isEphemeral(job))
    return 'this runner is ephemeral, and no store outside of it is configured';
  return '';
}

/**
 * Returns whether the runner takes only one job. It records this in its own directory. Source: actions/runner,
 * RunnerSettings.
 */
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

/** Returns the directories that paths are resolved against and that no path may replace. */
export function pathContext({ root }: CachePlan, job: Job): PathContext {
  return { roots: runnerRoots(job), store: root };
}
