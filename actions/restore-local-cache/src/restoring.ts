import { messageOf, type Step } from '@runner-actions/core';
import { type Entry, findEntry, openStore, restoreEntry, type Store } from '@runner-actions/store';
import { openGitHubCache } from './github-cache.ts';
import { type CachePlan, surroundings } from './plan.ts';
import { leadsOut, placesToPaths, resolveTargets } from './targets.ts';

/** What was found, and where. */
export interface Found {
  source: 'local' | 'github' | 'none';
  matchedKey: string | undefined;
  bytes: number;
  files: number;
}

const nothing: Found = { source: 'none', matchedKey: undefined, bytes: 0, files: 0 };

/**
 * The key itself at any level before a prefix at a nearer one. A prefix in the local store waits until GitHub has
 * answered, so that files of two entries never mix. What goes wrong on the way is a warning and a miss.
 */
export async function restore(step: Step, plan: CachePlan): Promise<Found> {
  const { inputs } = plan;
  // A path that is wrong is the user's error, whatever is found.
  resolveTargets(inputs.paths, surroundings(plan, step.job));
  const exact = await orMiss(step, localStore, () => restoreLocal(step, plan, true));
  if (exact?.matchedKey !== undefined) return exact;
  if (inputs.remote !== 'off') {
    const remote = await orMiss(step, 'GitHub’s cache', () => restoreRemote(plan));
    if (remote?.matchedKey !== undefined) return remote;
  }
  if (exact === undefined) return nothing;
  return (await orMiss(step, localStore, () => restoreLocal(step, plan, false))) ?? nothing;
}

const localStore = 'The local store';

/** @returns `undefined` when it could not be used, which the user was told */
async function orMiss(
  step: Step,
  what: string,
  look: () => Promise<Found> | Found,
): Promise<Found | undefined> {
  try {
    return await look();
  } catch (error) {
    step.annotate('warning', `${what} could not be used, which counts as a miss: ${messageOf(error)}.`);
    return undefined;
  }
}

function findLocal({ root, inputs, read }: CachePlan): { store: Store; entry: Entry } | undefined {
  if (root === undefined) return undefined;
  const store = openStore(root);
  const entry = findEntry(store, read, inputs.key, inputs.restoreKeys);
  return entry === undefined ? undefined : { store, entry };
}

function restoreLocal(step: Step, plan: CachePlan, onlyExact: boolean): Found {
  const local = findLocal(plan);
  if (local === undefined) return nothing;
  const { store, entry } = local;
  if (onlyExact && entry.metadata.key !== plan.inputs.key) return nothing;
  if (plan.inputs.lookupOnly) return describe(entry);
  const places = entry.metadata.trees.map(({ place }) => place);
  const targets = placesToPaths(places, plan.inputs.paths, surroundings(plan, step.job));
  const out = targets.find((target) => leadsOut(target, step.job.workspace));
  if (out !== undefined) throw new Error(`${out} lies behind a link that leads out of the workspace`);
  const paths = targets.map((target) => Buffer.from(target));
  if (restoreEntry(store, entry, paths) === 'restored') return describe(entry);
  step.annotate(
    'warning',
    `The entry ${entry.metadata.key} was not whole. It is out of the way now, and counts as a miss.`,
  );
  return nothing;
}

function describe({ metadata }: Entry): Found {
  const sum = (field: 'bytes' | 'files') => metadata.trees.reduce((total, tree) => total + tree[field], 0);
  return { source: 'local', matchedKey: metadata.key, bytes: sum('bytes'), files: sum('files') };
}

/** With a prefix in the local store already, only the key itself is worth the way: that is asked before it is fetched. */
async function restoreRemote(plan: CachePlan): Promise<Found> {
  const { inputs } = plan;
  const hasPrefix = hasLocal(plan);
  const cache = await openGitHubCache();
  const ask = (restoreKeys: readonly string[], lookupOnly: boolean) =>
    cache?.restore(inputs.paths, inputs.key, restoreKeys, { lookupOnly, crossOs: inputs.crossOs });
  if (hasPrefix && (await ask([], true)) !== inputs.key) return nothing;
  const matchedKey = await ask(hasPrefix ? [] : inputs.restoreKeys, inputs.lookupOnly);
  return matchedKey === undefined ? nothing : { source: 'github', matchedKey, bytes: 0, files: 0 };
}

/** A store that cannot be used was warned of already. */
function hasLocal(plan: CachePlan): boolean {
  try {
    return findLocal(plan) !== undefined;
  } catch {
    return false;
  }
}
