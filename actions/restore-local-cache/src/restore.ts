import { messageOf, type Step } from '@runner-actions/core';
import { type Entry, findEntry, openStore, restoreEntry } from '@runner-actions/store';
import { openGitHubCache } from './github-cache.ts';
import { type CachePlan, targetsOf } from './plan.ts';

/** What was found, and where. */
export interface Found {
  source: 'local' | 'github' | 'none';
  matchedKey: string | undefined;
  bytes: number;
  files: number;
}

const nothing: Found = { source: 'none', matchedKey: undefined, bytes: 0, files: 0 };

/** The local store first, then GitHub. What goes wrong on the way is a warning and a miss. */
export async function restore(step: Step, plan: CachePlan): Promise<Found> {
  const targets = targetsOf(plan, step.job);
  const local =
    plan.root === undefined
      ? nothing
      : await orMiss(step, 'The local store', () => restoreLocal(step, plan, targets));
  if (local.matchedKey === plan.inputs.key || plan.inputs.remote === 'off') return local;
  const remote = await orMiss(step, 'GitHub’s cache', () => restoreRemote(plan, local));
  return remote.matchedKey === undefined ? local : remote;
}

async function orMiss(step: Step, what: string, look: () => Promise<Found> | Found): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    step.annotate('warning', `${what} could not be used, which counts as a miss: ${messageOf(error)}.`);
    return nothing;
  }
}

function restoreLocal(step: Step, plan: CachePlan, targets: readonly string[]): Found {
  const { root, inputs, read } = plan;
  const store = openStore(root ?? '');
  const entry = findEntry(store, read, inputs.key, inputs.restoreKeys);
  if (entry === undefined) return nothing;
  if (inputs.lookupOnly) return describe(entry);
  if (
    restoreEntry(
      store,
      entry,
      targets.map((target) => Buffer.from(target)),
    ) === 'restored'
  )
    return describe(entry);
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

/** With a prefix in the local store already, only the key itself is worth the way. */
async function restoreRemote({ inputs }: CachePlan, local: Found): Promise<Found> {
  const cache = await openGitHubCache();
  const restoreKeys = local.matchedKey === undefined ? inputs.restoreKeys : [];
  const { lookupOnly, crossOs } = inputs;
  const matchedKey = await cache?.restore(inputs.paths, inputs.key, restoreKeys, { lookupOnly, crossOs });
  const isBetter = matchedKey !== undefined && (local.matchedKey === undefined || matchedKey === inputs.key);
  return isBetter ? { source: 'github', matchedKey, bytes: 0, files: 0 } : nothing;
}
