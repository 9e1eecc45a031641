import { monotonicNow } from '@runner-actions/core';
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
import { withTemporaryStore } from '../levels/temporary-store.ts';

/**
 * Fetches an entry from a remote level and restores it. If this run may write the local store, the entry is imported
 * there first, so that the next job finds it locally. If several jobs on a machine need the same entry, only one
 * fetches it.
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
    onWait: () => step.log.info('Another job on this machine is fetching the same entry. Waiting for it.'),
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
  /** Whether this step fetched it from GitHub’s cache, where only GitHub grants write access. */
  isFromGitHub: boolean;
}

/** Returns the entry if another job fetched it meanwhile. An entry without required digests is fetched again. */
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

/** Returns the space for a temporary store, which no other job sees. */
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
  const started = monotonicNow();
  const options = {
    repository: plan.repository,
    digests: needsDigests(plan.inputs),
  };
  const outcome = await importEntry(store, space, remoteEntry.key, options, async (folder) => {
    const { trees, createdAt } = await remoteEntry.fetch(
      folder,
      step.deadline.limit(plan.inputs.transferTimeout),
    );
    // Do not keep an entry that cannot be restored here: it would prevent saving a better one under its key.
    placesToPaths(
      trees.map(({ place }) => place),
      plan.inputs.paths,
      pathContext(plan, step.job),
    );
    const took = Math.round(monotonicNow() - started);
    return {
      trees,
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(level.name === 'github' ? { githubMilliseconds: took } : {}),
    };
  });
  const entry = findExact(store, space, remoteEntry.key);
  if (entry === undefined)
    throw new Error('it was evicted immediately: the limits of the store are too small for it');
  return { entry, isFromGitHub: level.name === 'github' && outcome === 'saved' };
}
