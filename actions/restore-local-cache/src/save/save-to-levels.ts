import { type Deadline, reasonOf, type Step } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';
import { type Entry, findEntry, fromText, openStore, saveEntry, type Store } from '@runner-actions/store';
import { isClaimedTwice } from '../restore/claims.ts';
import type { Found } from '../restore/found.ts';
import { openPins } from '../levels/github/pins.ts';
import { wantsDigests } from '../inputs.ts';
import type { Level } from '../levels/level.ts';
import { openLevels } from '../levels/open-levels.ts';
import { count, named } from '../report/named.ts';
import { type CachePlan, surroundings } from '../plan/plan.ts';
import { makeRoom } from './room.ts';
import { existing, resolveTargets, type Target } from '../plan/targets.ts';
import { notSaved, type Outcome, type Saved } from './whether.ts';
import { progressOf } from '../report/progress.ts';
import { withTemporaryStore } from '../levels/workbench.ts';

interface SaveRequest {
  step: Step;
  plan: CachePlan;
  found: Found;
  /** The job goes on and needs its files: they are copied, not taken. */
  jobGoesOn: boolean;
}

/** Saves on each level that has not got the key yet. A level that fails is a warning, and the others go on. */
export async function save(request: SaveRequest): Promise<Saved> {
  const { step, plan } = request;
  const mounts = new Set<string>();
  const { there, links, missing } = existing(
    resolveTargets(plan.inputs.paths, surroundings(plan, step.job), (path) => mounts.add(path)),
    step.job.workspace,
  );
  if (mounts.size > 0)
    step.log.info(`Cache: something is mounted there, which no glob enters: ${named([...mounts])}`);
  for (const link of links.slice(0, 3))
    step.annotate('warning', `${link} is a link or lies behind one, so it is not saved.`);
  if (links.length > 3)
    step.annotate('warning', `Not saved as well: ${count(links.length - 3, 'more link')}.`);
  if (there.length === 0) {
    const why = links.length > 0 ? 'the paths are links' : 'the paths are not there';
    if (links.length === 0)
      step.annotate('warning', `Nothing is saved, since nothing is there: ${named(missing)}.`);
    return notSaved(why);
  }
  if (missing.length > 0) step.log.info(`Cache: not there, so not saved: ${named(missing)}`);
  const { root } = plan;
  if (root === undefined) return saveWith(request, there, undefined);
  const store = await attempt(step, 'the local store', () => openStore(root));
  return saveWith(request, there, store === 'failed' ? undefined : store);
}

/**
 * Without a store on this machine, one that goes with the step serves to pack from. It takes nothing away: nobody would bring it
 * back, and posts of other actions come after ours.
 */
async function saveWith(
  request: SaveRequest,
  there: readonly Target[],
  store: Store | undefined,
): Promise<Saved> {
  const { step, plan } = request;
  const levels = await openLevels(step, plan);
  if (store === undefined && levels.length === 0)
    return { ...notSaved('no level is there to save to'), local: plan.root === undefined ? 'off' : 'failed' };
  if (store === undefined) {
    const act = async (temporary: Store): Promise<Saved> => {
      const local = await saveLocal(request, temporary, there, true);
      const beyond = await saveBeyond(request, temporary, levels);
      const failed = plan.root === undefined ? 'off' : 'failed';
      return { ...beyond, local: local === 'failed' ? 'failed' : failed };
    };
    const saved = await attempt(step, 'any level', () => withTemporaryStore(step, act));
    return saved === 'failed' ? { ...notSaved(''), local: 'failed' } : saved;
  }
  const local = await saveLocal(request, store, there);
  return { ...(await saveBeyond(request, store, levels)), local };
}

/**
 * On a full disk, what may go goes, and once more is tried.
 * @param temporary the store goes with the step
 */
async function saveLocal(
  { step, plan, jobGoesOn }: SaveRequest,
  store: Store,
  there: readonly Target[],
  temporary = false,
): Promise<Outcome> {
  const { inputs, write, repository } = plan;
  if (write === undefined) return 'off';
  // What lies outside of the workspace belongs to the machine.
  const mayMove =
    !temporary &&
    !jobGoesOn &&
    !isClaimedTwice(step.job, there) &&
    there.every(({ path }) => isInside(path, step.job.workspace));
  const skipped: string[] = [];
  const act = () => {
    skipped.length = 0;
    return saveEntry(
      store,
      write,
      inputs.key,
      there.map(({ path, place }) => ({ path: fromText(path), place })),
      {
        repository,
        move: mayMove,
        inPlace: temporary && !jobGoesOn,
        digests: wantsDigests(inputs),
        skip: (path, why) => skipped.push(`${path} (${why})`),
        tick: progressOf(step, 'Saving'),
      },
    );
  };
  const outcome = await attempt(step, 'the local store', async () => {
    try {
      return act();
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      if ((await makeRoom(step, plan)).entries === 0) throw error;
      return act();
    }
  });
  if (skipped.length > 0) step.annotate('warning', `Left out of the cache: ${named(skipped)}.`);
  return outcome;
}

/** What came from GitHub is brought to the level between as well, where the next machine has it nearer. */
export async function promote({ step, plan }: SaveRequest): Promise<Outcome> {
  const { root, inputs } = plan;
  if (root === undefined) return 'off';
  const [level] = await openLevels(step, plan);
  const entry = entryOf(plan, openStore(root));
  if (level?.name !== 'shared' || entry === undefined) return 'off';
  return attempt(step, level.title, () => level.save(entry, step.deadline.limit(inputs.transferTimeout)));
}

/** Packs from the entry, which nothing changes, for the levels that several machines use. */
async function saveBeyond(
  { step, plan, found }: SaveRequest,
  store: Store,
  levels: readonly Level[],
): Promise<Saved> {
  const outcomes: Saved = notSaved('the key was not found');
  const entry = entryOf(plan, store);
  if (entry === undefined) return outcomes;
  const within: Deadline = step.deadline.limit(plan.inputs.transferTimeout);
  for (const level of levels) {
    if (found.source === level.name && found.matchedKey === entry.metadata.key) continue;
    outcomes[level.name] = await attempt(step, level.title, () => level.save(entry, within));
  }
  if (plan.inputs.verify === 'pinned') {
    const pins = openPins(step, plan);
    await attempt(step, 'the pins in GitHub’s cache', () => pins?.write(entry, within));
  }
  return outcomes;
}

function entryOf({ write, inputs }: CachePlan, store: Store): Entry | undefined {
  const entry = write === undefined ? undefined : findEntry(store, [write], inputs.key, []);
  return entry?.metadata.key === inputs.key ? entry : undefined;
}

async function attempt<T>(step: Step, what: string, act: () => Promise<T> | T): Promise<T | 'failed'> {
  try {
    return await act();
  } catch (error) {
    step.annotate('warning', `Nothing was saved to ${what}: ${reasonOf(error)}.`);
    return 'failed';
  }
}
