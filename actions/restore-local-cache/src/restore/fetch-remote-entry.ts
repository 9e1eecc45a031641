import { uptime } from '@runner-actions/core';
import {
  type Entry,
  findEntry,
  importEntry,
  singleFlight,
  type Space,
  type Store,
} from '@runner-actions/store';
import type { RestoreResult } from './restore-result.ts';
import { needsDigests } from '../inputs.ts';
import type { Level, RemoteEntry } from '../levels/level.ts';
import { matchesPin } from './check-pin.ts';
import { type RestoreContext, placeEntry } from './place-entry.ts';
import { type CachePlan, pathContext } from '../plan/cache-plan.ts';
import { placesToPaths } from '../plan/targets.ts';
import { withTemporaryStore } from '../levels/transfer-settings.ts';

/**
 * Brings an entry of another level here: into the machine's store first, where there is one that this run may write, so that the
 * next job has it near; then into its places. Of several jobs of a machine one fetches.
 */
export async function fetchRemoteEntry(
  context: RestoreContext,
  store: Store | undefined,
  level: Level,
  remoteEntry: RemoteEntry,
): Promise<RestoreResult | undefined> {
  const { step, plan } = context;
  const space = plan.write;
  if (store === undefined || store.readOnly || space === undefined) {
    return withTemporaryStore(step, async (temporary) => {
      const fetched = await fetchIntoStore(context, temporary, temporarySpace(plan), { level, remoteEntry });
      return placeFetched(temporary, fetched, true);
    });
  }
  const fetched = await singleFlight<FetchedEntry>(store, space, remoteEntry.key, {
    look: () => fetchedByOtherJob(plan, store, space, remoteEntry.key),
    work: () => fetchIntoStore(context, store, space, { level, remoteEntry }),
    deadline: step.deadline.limit(plan.inputs.transferTimeout),
    purpose: step.job.repository.fullName,
    onWait: () => step.log.info('Another job of this machine fetches the same; waiting for it.'),
  });
  return placeFetched(store, fetched, false);

  async function placeFetched(
    from: Store,
    { entry, isFromGitHub }: FetchedEntry,
    temporary: boolean,
  ): Promise<RestoreResult | undefined> {
    if (!isFromGitHub && !(await matchesPin(context, from, entry))) return undefined;
    return placeEntry(context, from, entry, { source: level.name, temporary });
  }
}

interface FetchedEntry {
  entry: Entry;
  /** This step fetched it from where only GitHub lets write. */
  isFromGitHub: boolean;
}

/** One without digests, where these are wanted, is fetched again. */
function fetchedByOtherJob(
  plan: CachePlan,
  store: Store,
  space: Space,
  key: string,
): FetchedEntry | undefined {
  const entry = findExact(store, space, key);
  if (entry === undefined || (needsDigests(plan.inputs) && !entry.metadata.digests)) return undefined;
  return { entry, isFromGitHub: false };
}

/** For a store that no other job sees. */
function temporarySpace({ read }: CachePlan): Space {
  return read[0] ?? { host: '', repositoryId: '', scope: '', version: '' };
}

function findExact(store: Store, space: Space, key: string): Entry | undefined {
  const entry = findEntry(store, [space], key, []);
  return entry?.metadata.key === key ? entry : undefined;
}

async function fetchIntoStore(
  context: RestoreContext,
  store: Store,
  space: Space,
  { level, remoteEntry }: { level: Level; remoteEntry: RemoteEntry },
): Promise<FetchedEntry> {
  const { step, plan } = context;
  const started = uptime();
  const options = {
    repository: plan.repository,
    digests: needsDigests(plan.inputs),
  };
  const outcome = await importEntry(store, space, remoteEntry.key, options, async (folder) => {
    const { trees, createdAt } = await remoteEntry.fetch(
      folder,
      step.deadline.limit(plan.inputs.transferTimeout),
    );
    // What could be placeFetched nowhere is not kept: under its key nothing better would be saved.
    placesToPaths(
      trees.map(({ place }) => place),
      plan.inputs.paths,
      pathContext(plan, step.job),
    );
    const took = Math.round(uptime() - started);
    return {
      trees,
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(level.name === 'github' ? { githubMilliseconds: took } : {}),
    };
  });
  const entry = findExact(store, space, remoteEntry.key);
  if (entry === undefined) throw new Error('it was evicted at once: the store’s bounds are too small for it');
  return { entry, isFromGitHub: level.name === 'github' && outcome === 'saved' };
}
