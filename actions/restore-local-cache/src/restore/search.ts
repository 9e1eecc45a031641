import { type Deadline, type Step } from '@runner-actions/core';
import { type Entry, findEntry, openStore, type Store } from '@runner-actions/store';
import { type Found, notFound } from './found.ts';
import { wantsDigests } from '../inputs.ts';
import type { Level, Offer } from '../levels/level.ts';
import { orMiss } from './or-miss.ts';
import { isPinned } from './pinned.ts';
import { describe, type Placing, placeEntry } from './place.ts';
import type { CachePlan } from '../plan/plan.ts';

/**
 * Looks level by level, the nearest first: the key itself at any of them before a prefix at a nearer one, unless the user prefers
 * what is near. What goes wrong on the way is a warning and a miss.
 */
export async function restore(placing: Placing): Promise<Found> {
  const { step, plan } = placing;
  const { key, prefer } = plan.inputs;
  if (plan.read.length === 0) return { ...notFound('this run may not read caches'), reason: 'read-denied' };
  const store = await orMiss(step, 'The local store', () => openLocal(plan));
  const exact = await orMiss(step, 'The local store', () =>
    tryLocal(placing, store, (entry) => entry.metadata.key === key),
  );
  if (exact !== undefined) return exact;
  const near =
    prefer === 'nearest' ? await orMiss(step, 'The local store', () => tryLocal(placing, store)) : undefined;
  return near ?? (await beyond(placing, store)) ?? notFound('no level has it');
}

function openLocal({ root }: CachePlan): Store | undefined {
  return root === undefined ? undefined : openStore(root);
}

/** From this machine's disk, if it has an entry that will do. An entry that is not whole gives way to the next. */
async function tryLocal(
  placing: Placing,
  store: Store | undefined,
  willDo: (entry: Entry) => boolean = () => true,
): Promise<Found | undefined> {
  const { step, plan } = placing;
  if (store === undefined) return undefined;
  let last: Entry | undefined;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const entry = findEntry(store, plan.read, plan.inputs.key, plan.inputs.restoreKeys);
    if (entry === undefined || entry.id === last?.id || !willDo(entry)) return undefined;
    last = entry;
    if (plan.inputs.lookupOnly) return describe(entry, 'local', { mode: undefined, why: 'only looked up' });
    if (!isVerifiable(step, plan, entry) || !(await isPinned(placing, store, entry))) return undefined;
    const found = placeEntry(placing, store, entry, { source: 'local' });
    if (found !== undefined) return found;
  }
  step.log.debug('Three entries in a row were not whole, or evicted.');
  return undefined;
}

/** Content can only be compared with digests, which not every save notes. The next save replaces the entry. */
function isVerifiable(step: Step, { inputs }: CachePlan, { metadata }: Entry): boolean {
  if (metadata.digests || !wantsDigests(inputs)) return true;
  step.log.info(
    `The entry ${metadata.key} on this machine has no digests, so 'verify' cannot be met: not used.`,
  );
  return false;
}

interface Candidate {
  level: Level;
  offer: Offer;
}

/** Asks the further levels; a prefix waits until all have been asked for the key itself. */
async function beyond(placing: Placing, store: Store | undefined): Promise<Found | undefined> {
  const { step, plan } = placing;
  const { key, restoreKeys, prefer, lookupTimeout } = plan.inputs;
  const prefixes: Candidate[] = [];
  const { openLevels } = await import('../levels/open-levels.ts');
  for (const level of await openLevels(step, plan)) {
    const within: Deadline = step.deadline.limit(lookupTimeout);
    const offer = await orMiss(step, capital(level.title), () => level.find({ key, restoreKeys }, within));
    if (offer === undefined) continue;
    const found = offer.key === key || prefer === 'nearest' ? await take({ level, offer }) : undefined;
    if (found !== undefined) return found;
    if (offer.key !== key) prefixes.push({ level, offer });
  }
  const local = await orMiss(step, 'The local store', () => tryLocal(placing, store));
  if (local !== undefined) return local;
  for (const candidate of prefixes) {
    const found = await take(candidate);
    if (found !== undefined) return found;
  }
  return undefined;

  async function take({ level, offer }: Candidate): Promise<Found | undefined> {
    return orMiss(step, capital(level.title), async () => {
      if (!plan.inputs.lookupOnly) {
        const { fetchOffer } = await import('./fetch.ts');
        return fetchOffer(placing, store, level, offer);
      }
      await offer.prove?.(step.deadline.limit(plan.inputs.transferTimeout));
      return { ...notFound('only looked up'), source: level.name, matchedKey: offer.key };
    });
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
