import { uptime } from '@runner-actions/core';
import {
  type Entry,
  findEntry,
  importEntry,
  singleFlight,
  type Space,
  type Store,
} from '@runner-actions/store';
import type { Found } from './found.ts';
import { wantsDigests } from '../inputs.ts';
import type { Level, Offer } from '../levels/level.ts';
import { isPinned } from './pinned.ts';
import { type Placing, placeEntry } from './place.ts';
import { type CachePlan, surroundings } from '../plan/plan.ts';
import { placesToPaths } from '../plan/targets.ts';
import { withTemporaryStore } from '../levels/workbench.ts';

/**
 * Brings an entry of another level here: into the machine's store first, where there is one that this run may write, so that the
 * next job has it near; then into its places. Of several jobs of a machine one fetches.
 */
export async function fetchOffer(
  placing: Placing,
  store: Store | undefined,
  level: Level,
  offer: Offer,
): Promise<Found | undefined> {
  const { step, plan } = placing;
  const space = plan.write;
  if (store === undefined || store.readOnly || space === undefined) {
    return withTemporaryStore(step, async (temporary) => {
      const brought = await bringIn(placing, temporary, privateSpace(plan), { level, offer });
      return put(temporary, brought, true);
    });
  }
  const brought = await singleFlight<Brought>(store, space, offer.key, {
    look: () => broughtByOthers(plan, store, space, offer.key),
    work: () => bringIn(placing, store, space, { level, offer }),
    deadline: step.deadline.limit(plan.inputs.transferTimeout),
    purpose: step.job.repository.fullName,
    onWait: () => step.log.info('Another job of this machine fetches the same; waiting for it.'),
  });
  return put(store, brought, false);

  async function put(
    from: Store,
    { entry, isFromGitHub }: Brought,
    temporary: boolean,
  ): Promise<Found | undefined> {
    if (!isFromGitHub && !(await isPinned(placing, from, entry))) return undefined;
    return placeEntry(placing, from, entry, { source: level.name, temporary });
  }
}

interface Brought {
  entry: Entry;
  /** This step fetched it from where only GitHub lets write. */
  isFromGitHub: boolean;
}

/** One without digests, where these are wanted, is fetched again. */
function broughtByOthers(plan: CachePlan, store: Store, space: Space, key: string): Brought | undefined {
  const entry = lookUp(store, space, key);
  if (entry === undefined || (wantsDigests(plan.inputs) && !entry.metadata.digests)) return undefined;
  return { entry, isFromGitHub: false };
}

/** For a store that no other job sees. */
function privateSpace({ read }: CachePlan): Space {
  return read[0] ?? { host: '', repositoryId: '', scope: '', version: '' };
}

function lookUp(store: Store, space: Space, key: string): Entry | undefined {
  const entry = findEntry(store, [space], key, []);
  return entry?.metadata.key === key ? entry : undefined;
}

async function bringIn(
  placing: Placing,
  store: Store,
  space: Space,
  { level, offer }: { level: Level; offer: Offer },
): Promise<Brought> {
  const { step, plan } = placing;
  const started = uptime();
  const options = {
    repository: plan.repository,
    digests: wantsDigests(plan.inputs),
  };
  const outcome = await importEntry(store, space, offer.key, options, async (folder) => {
    const { trees, createdAt } = await offer.fetch(folder, step.deadline.limit(plan.inputs.transferTimeout));
    // What could be put nowhere is not kept: under its key nothing better would be saved.
    placesToPaths(
      trees.map(({ place }) => place),
      plan.inputs.paths,
      surroundings(plan, step.job),
    );
    const took = Math.round(uptime() - started);
    return {
      trees,
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(level.name === 'github' ? { githubMilliseconds: took } : {}),
    };
  });
  const entry = lookUp(store, space, offer.key);
  if (entry === undefined) throw new Error('it was evicted at once: the store’s bounds are too small for it');
  return { entry, isFromGitHub: level.name === 'github' && outcome === 'saved' };
}
