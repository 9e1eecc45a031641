import { type Deadline, type Step } from '@runner-actions/core';
import { type Entry, findEntry, openStore, type Store } from '@runner-actions/store';
import { type RestoreResult, cacheMiss } from './restore-result.ts';
import { needsDigests } from '../inputs.ts';
import type { Level, RemoteEntry } from '../levels/level.ts';
import { missOnError } from './miss-on-error.ts';
import { matchesPin } from './check-pin.ts';
import { resultFor, type RestoreContext, placeEntry } from './place-entry.ts';
import type { CachePlan } from '../plan/cache-plan.ts';

/**
 * Restores from the first level that has an entry, the nearest level first. An exact key at any level takes precedence
 * over a prefix at a nearer level, unless `prefer` is `nearest`. An error at a level is a warning and a miss there.
 */
export async function restoreFromLevels(context: RestoreContext): Promise<RestoreResult> {
  const { step, plan } = context;
  const { key, prefer } = plan.inputs;
  if (plan.read.length === 0) return { ...cacheMiss('this run may not read caches'), reason: 'read-denied' };
  const store = await missOnError(step, 'The local store', () => openLocalStore(plan));
  const exact = await missOnError(step, 'The local store', () =>
    restoreFromLocalStore(context, store, (entry) => entry.metadata.key === key),
  );
  if (exact !== undefined) return exact;
  const near =
    prefer === 'nearest'
      ? await missOnError(step, 'The local store', () => restoreFromLocalStore(context, store))
      : undefined;
  return near ?? (await restoreFromRemoteLevels(context, store)) ?? cacheMiss('no level has it');
}

function openLocalStore({ root }: CachePlan): Store | undefined {
  return root === undefined ? undefined : openStore(root);
}

/** Restores from the local store, if it has an acceptable entry. If an entry is damaged, the next one is tried. */
async function restoreFromLocalStore(
  context: RestoreContext,
  store: Store | undefined,
  isAcceptable: (entry: Entry) => boolean = () => true,
): Promise<RestoreResult | undefined> {
  const { step, plan } = context;
  if (store === undefined) return undefined;
  let last: Entry | undefined;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const entry = findEntry(store, plan.read, plan.inputs.key, plan.inputs.restoreKeys);
    if (entry === undefined || entry.id === last?.id || !isAcceptable(entry)) return undefined;
    last = entry;
    if (plan.inputs.lookupOnly) return resultFor(entry, 'local', { mode: undefined, why: 'only looked up' });
    if (!hasNeededDigests(step, plan, entry) || !(await matchesPin(context, store, entry))) return undefined;
    const found = placeEntry(context, store, entry, { source: 'local' });
    if (found !== undefined) return found;
  }
  step.log.debug('Three entries in a row were damaged or evicted.');
  return undefined;
}

/**
 * Returns whether the entry has the digests that comparing content needs. Not every save records them. If they are
 * missing, the next save replaces the entry.
 */
function hasNeededDigests(step: Step, { inputs }: CachePlan, { metadata }: Entry): boolean {
  if (metadata.digests || !needsDigests(inputs)) return true;
  step.log.info(
    `The entry ${metadata.key} on this machine has no digests, which 'verify: ${inputs.verify}' needs. It is not used.`,
  );
  return false;
}

interface Candidate {
  level: Level;
  remoteEntry: RemoteEntry;
}

/** Looks up the remote levels. Prefix matches are used only after all levels were asked for the exact key. */
async function restoreFromRemoteLevels(
  context: RestoreContext,
  store: Store | undefined,
): Promise<RestoreResult | undefined> {
  const { step, plan } = context;
  const { key, restoreKeys, prefer, lookupTimeout } = plan.inputs;
  const prefixes: Candidate[] = [];
  const { openLevels } = await import('../levels/open-levels.ts');
  for (const level of await openLevels(step, plan)) {
    const within: Deadline = step.deadline.limit(lookupTimeout);
    const remoteEntry = await missOnError(step, capitalize(level.title), () =>
      level.find({ key, restoreKeys }, within),
    );
    if (remoteEntry === undefined) continue;
    const found =
      remoteEntry.key === key || prefer === 'nearest'
        ? await restoreCandidate({ level, remoteEntry })
        : undefined;
    if (found !== undefined) return found;
    if (remoteEntry.key !== key) prefixes.push({ level, remoteEntry });
  }
  const local = await missOnError(step, 'The local store', () => restoreFromLocalStore(context, store));
  if (local !== undefined) return local;
  for (const candidate of prefixes) {
    const found = await restoreCandidate(candidate);
    if (found !== undefined) return found;
  }
  return undefined;

  async function restoreCandidate({ level, remoteEntry }: Candidate): Promise<RestoreResult | undefined> {
    return missOnError(step, capitalize(level.title), async () => {
      if (!plan.inputs.lookupOnly) {
        const { fetchRemoteEntry } = await import('./fetch-remote-entry.ts');
        return fetchRemoteEntry(context, store, level, remoteEntry);
      }
      await remoteEntry.checkFetchable?.(step.deadline.limit(plan.inputs.transferTimeout));
      return { ...cacheMiss('only looked up'), source: level.name, matchedKey: remoteEntry.key };
    });
  }
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
