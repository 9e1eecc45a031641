import { messageOf, type Step } from '@runner-actions/core';
import { openStore, saveEntry } from '@runner-actions/store';
import { openGitHubCache } from './github-cache.ts';
import { type CachePlan, surroundings } from './plan.ts';
import type { Found } from './restore.ts';
import { existing, resolveTargets, type Target } from './targets.ts';

/** What became of the save, level by level. */
export interface Saved {
  local: 'saved' | 'exists' | 'failed' | 'off';
  github: 'saved' | 'failed' | 'off';
  why: string;
}

/** Saves on each level that has not got the key yet. Nothing that goes wrong here fails a job. */
export async function save(step: Step, plan: CachePlan, found: Found, jobStatus: string): Promise<Saved> {
  const reason = whyNot(plan, found, jobStatus);
  if (reason !== undefined) return { local: 'off', github: 'off', why: reason };
  const targets = resolveTargets(plan.inputs.paths, surroundings(plan, step.job));
  const { there, links } = existing(targets, step.job.workspace);
  for (const link of links)
    step.annotate('warning', `${link} is a link or lies behind one, so it is not saved.`);
  if (there.length === 0 || links.length > 0)
    return { local: 'off', github: 'off', why: 'the paths are not there' };
  const hasRemote = found.source === 'github' && found.matchedKey === plan.inputs.key;
  return {
    local: await attempt(step, 'the local store', plan.root !== undefined, () => saveLocal(plan, there)),
    github: await attempt(step, 'GitHub’s cache', plan.inputs.remote !== 'off' && !hasRemote, () =>
      saveRemote(plan),
    ),
    why: 'the key was not found',
  };
}

/** Why nothing is to be saved; `undefined`: it is. */
function whyNot({ inputs, write }: CachePlan, found: Found, jobStatus: string): string | undefined {
  const isExact = found.matchedKey === inputs.key;
  if (inputs.lookupOnly) return 'lookup-only';
  if (isExact && found.source === 'local') return 'the key was found';
  if (write === undefined) return 'this event may only read caches';
  if (inputs.save === 'never') return 'save is never';
  if (inputs.save === 'on-success' && jobStatus !== 'success') return `the job ended with '${jobStatus}'`;
  return undefined;
}

async function attempt<T extends string>(
  step: Step,
  what: string,
  wanted: boolean,
  act: () => Promise<T | 'off'> | T | 'off',
): Promise<T | 'failed' | 'off'> {
  if (!wanted) return 'off';
  try {
    return await act();
  } catch (error) {
    step.annotate('warning', `Nothing was saved to ${what}: ${messageOf(error)}.`);
    return 'failed';
  }
}

function saveLocal(
  { root, write, inputs }: CachePlan,
  targets: readonly Target[],
): 'saved' | 'exists' | 'off' {
  if (root === undefined || write === undefined) return 'off';
  return saveEntry(
    openStore(root),
    write,
    inputs.key,
    targets.map(({ path, place }) => ({ path: Buffer.from(path), place })),
  );
}

async function saveRemote({ inputs }: CachePlan): Promise<'saved' | 'failed' | 'off'> {
  const cache = await openGitHubCache();
  if (cache === undefined) return 'off';
  return (await cache.save(inputs.paths, inputs.key, inputs.crossOs)) ? 'saved' : 'failed';
}
