import { lstatSync, statfsSync } from 'node:fs';
import { type Deadline, messageOf, quote } from '@runner-actions/core';
import { realPathOf, spaceOf } from '@runner-actions/host';
import { type Eviction, lookAtStore, makeRoom, planRoom, type Store } from '@runner-actions/store';
import type { ItemOutcome } from '../item.ts';
import { protectedPaths } from '../workspace.ts';
import { days, type Ground } from './ground.ts';
import { notesOf, type PathItem, type PathOutcome, type PathStep } from './path-item.ts';
import { isRelieved, lackOf, type Levels } from './thresholds.ts';

/**
 * Entries of the cache store, least recently used first, until its disk has enough space. The store evicts them itself, so
 * its own rules hold for jobs that use it at the same time. A folder without the mark of a store is never touched.
 */
export function cachesItem(
  root: string,
  { protect, enough, now }: Pick<Ground, 'protect' | 'enough' | 'now'>,
  levels: Levels,
): PathItem {
  const refusals: string[] = [];
  const space = () => spaceOf(statfsSync(root));
  /** @returns `undefined` if there is no store, or if it stays as it is */
  const open = (): Store | undefined => {
    try {
      if (lstatSync(root, { throwIfNoEntry: false }) === undefined) return undefined;
      if (protectedPaths(protect, realPathOf(root)).length === 0) return lookAtStore(root);
      refusals.push(`the machine's policy protects ${root}`);
    } catch (error) {
      refusals.push(messageOf(error).replace(/\.$/, ''));
    }
    return undefined;
  };
  return {
    name: 'caches',
    plan: async () => {
      const store = open();
      if (store === undefined || (await enough(root))) return [];
      if (store.readOnly) refusals.push(`the store ${root} is read-only`);
      return store.readOnly ? [] : planRoom(store, lackOf(space(), levels), now).map(stepFor(now));
    },
    measure: async (steps) =>
      steps.flatMap(({ what, size }) => (size === undefined ? [] : [{ what, ...size }])),
    notes: (outcome) => notesOf('caches', refusals, outcome as PathOutcome | undefined),
    execute: async (steps, deadline): Promise<PathOutcome> => {
      const outcome = { removed: 0, freedBytes: 0, residue: [], leftovers: [], finished: true };
      const store = open();
      if (store === undefined) return outcome;
      const result = makeRoom(
        store,
        steps.map(evictionOf),
        Date.now(),
        stopper(deadline, outcome, space, levels),
      );
      if (result === 'busy') {
        refusals.push(`another process evicts in the store ${root} at the moment`);
        return outcome;
      }
      const { evicted, bytes, left } = result;
      // The reason may name files of other repositories, which only the report may show.
      const leftovers = left.map(({ path, reason }) => ({ path: `${path}: ${reason}`, reason: incomplete }));
      return { ...outcome, removed: evicted.length, freedBytes: bytes, leftovers };
    },
  };
}

const incomplete = 'something in it could not be removed';

/** Returns a function that tells whether to evict no more. If there is no time, the outcome says so. */
function stopper(
  deadline: Deadline,
  outcome: ItemOutcome,
  space: () => ReturnType<typeof spaceOf>,
  levels: Levels,
): () => boolean {
  return () => {
    if (isRelieved(space(), levels)) return true;
    if (deadline.remaining() === 0) outcome.finished = false;
    return !outcome.finished;
  };
}

const stepFor =
  (now: number) =>
  ({ kind, folder, key, repository, lastUse, bytes, files }: Eviction): PathStep => {
    const name = key === undefined ? 'a damaged entry' : `${quote(key)} of ${quote(repository)}`;
    const what = kind === 'copy' ? `a ready copy of ${name}` : name;
    const why = `${what}, not used for ${days(now - lastUse)}`;
    return { action: 'remove', what: folder, why, identity: String(lastUse), size: { bytes, files } };
  };

const evictionOf = ({ what, identity }: PathStep) => ({ folder: what, lastUse: Number(identity) });
