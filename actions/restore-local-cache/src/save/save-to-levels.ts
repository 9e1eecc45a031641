import { type Deadline, reasonOf, type Step } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';
import { type Entry, findEntry, pathFromText, openStore, saveEntry, type Store } from '@runner-actions/store';
import { isClaimedTwice } from '../restore/target-claims.ts';
import type { RestoreResult } from '../restore/restore-result.ts';
import { openPins } from '../levels/github/pins.ts';
import { needsDigests } from '../inputs.ts';
import type { Level } from '../levels/level.ts';
import { openLevels } from '../levels/open-levels.ts';
import { formatCount, formatPaths } from '../report/format-lists.ts';
import { type CachePlan, pathContext } from '../plan/cache-plan.ts';
import { enforceBounds } from './enforce-bounds.ts';
import { classifyTargets, resolveTargets, type Target } from '../plan/targets.ts';
import { nothingSaved, type SaveOutcome, type SaveResult } from './should-save.ts';
import { logProgress } from '../report/progress.ts';
import { withTemporaryStore } from '../levels/temporary-store.ts';

interface SaveRequest {
  step: Step;
  plan: CachePlan;
  found: RestoreResult;
  /** The job continues and needs its files: they are copied, not moved. */
  jobContinues: boolean;
}

/**
 * Saves to each level that does not have the key yet. An error at one level is a warning; the other levels are still
 * saved to.
 */
export async function save(request: SaveRequest): Promise<SaveResult> {
  const { step, plan } = request;
  const mounts = new Set<string>();
  const { existing, links, missing } = classifyTargets(
    resolveTargets(plan.inputs.paths, pathContext(plan, step.job), (path) => mounts.add(path)),
    step.job.workspace,
  );
  if (mounts.size > 0)
    step.log.info(`Cache: skipped mount points, which globs do not enter: ${formatPaths([...mounts])}`);
  for (const link of links.slice(0, 3))
    step.annotate('warning', `${link} is a symlink or is behind one, so it is not saved.`);
  if (links.length > 3)
    step.annotate('warning', `${formatCount(links.length - 3, 'more symlink')} not saved.`);
  if (existing.length === 0) {
    const why = links.length > 0 ? 'the paths are symlinks' : 'the paths do not exist';
    if (links.length === 0)
      step.annotate('warning', `Nothing is saved, because none of the paths exist: ${formatPaths(missing)}.`);
    return nothingSaved(why);
  }
  if (missing.length > 0)
    step.log.info(`Cache: not saved, because these paths do not exist: ${formatPaths(missing)}`);
  const { root } = plan;
  if (root === undefined) return saveToAllLevels(request, existing, undefined);
  const store = await warnOnFailure(step, 'the local store', () => openStore(root));
  return saveToAllLevels(request, existing, store === 'failed' ? undefined : store);
}

/**
 * Saves to the local store and to the remote levels. Without a local store, a temporary store is used to create the
 * packs. It only copies: nothing would restore moved files, and post steps of other actions still need them.
 */
async function saveToAllLevels(
  request: SaveRequest,
  existing: readonly Target[],
  store: Store | undefined,
): Promise<SaveResult> {
  const { step, plan } = request;
  const levels = await openLevels(step, plan);
  if (store === undefined && levels.length === 0)
    return {
      ...nothingSaved('no cache level is available'),
      local: plan.root === undefined ? 'off' : 'failed',
    };
  if (store === undefined) {
    const run = async (temporary: Store): Promise<SaveResult> => {
      const local = await saveLocal(request, temporary, existing, true);
      const remote = await saveToRemoteLevels(request, temporary, levels);
      const localOutcome = plan.root === undefined ? 'off' : 'failed';
      return { ...remote, local: local === 'failed' ? 'failed' : localOutcome };
    };
    const saved = await warnOnFailure(step, 'any level', () => withTemporaryStore(step, run));
    return saved === 'failed' ? { ...nothingSaved(''), local: 'failed' } : saved;
  }
  const local = await saveLocal(request, store, existing);
  return { ...(await saveToRemoteLevels(request, store, levels)), local };
}

/**
 * Saves to the local store. If the disk is full, evicts entries and tries once more.
 * @param temporary the store is deleted when the step ends
 */
async function saveLocal(
  { step, plan, jobContinues }: SaveRequest,
  store: Store,
  existing: readonly Target[],
  temporary = false,
): Promise<SaveOutcome> {
  const { inputs, write, repository } = plan;
  if (write === undefined) return 'off';
  // Files outside of the workspace belong to the machine.
  const mayMove =
    !temporary &&
    !jobContinues &&
    !isClaimedTwice(step.job, existing) &&
    existing.every(({ path }) => isInside(path, step.job.workspace));
  const skipped: string[] = [];
  const run = () => {
    skipped.length = 0;
    return saveEntry(
      store,
      write,
      inputs.key,
      existing.map(({ path, place }) => ({ path: pathFromText(path), place })),
      {
        repository,
        move: mayMove,
        inPlace: temporary && !jobContinues,
        digests: needsDigests(inputs),
        skip: (path, why) => skipped.push(`${path} (${why})`),
        tick: logProgress(step, 'Saving'),
      },
    );
  };
  const outcome = await warnOnFailure(step, 'the local store', async () => {
    try {
      return run();
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      if ((await enforceBounds(step, plan)).entries === 0) throw error;
      return run();
    }
  });
  if (skipped.length > 0) step.annotate('warning', `Left out of the cache: ${formatPaths(skipped)}.`);
  return outcome;
}

/** Copies an entry that came from GitHub to the shared level, so that other machines find it there. */
export async function promoteToShared({ step, plan }: SaveRequest): Promise<SaveOutcome> {
  const { root, inputs } = plan;
  if (root === undefined) return 'off';
  const [level] = await openLevels(step, plan);
  const entry = findSavedEntry(plan, openStore(root));
  if (level?.name !== 'shared' || entry === undefined) return 'off';
  return warnOnFailure(step, level.title, () =>
    level.save(entry, step.deadline.limit(inputs.transferTimeout)),
  );
}

/** Saves to the remote levels. Packs are created from the saved entry, which does not change. */
async function saveToRemoteLevels(
  { step, plan, found }: SaveRequest,
  store: Store,
  levels: readonly Level[],
): Promise<SaveResult> {
  const outcomes: SaveResult = nothingSaved('the key was not found');
  const entry = findSavedEntry(plan, store);
  if (entry === undefined) return outcomes;
  const within: Deadline = step.deadline.limit(plan.inputs.transferTimeout);
  for (const level of levels) {
    if (found.source === level.name && found.matchedKey === entry.metadata.key) continue;
    outcomes[level.name] = await warnOnFailure(step, level.title, () => level.save(entry, within));
  }
  if (plan.inputs.verify === 'pinned') {
    const pins = openPins(step, plan);
    await warnOnFailure(step, 'the pins in GitHub’s cache', () => pins?.write(entry, within));
  }
  return outcomes;
}

function findSavedEntry({ write, inputs }: CachePlan, store: Store): Entry | undefined {
  const entry = write === undefined ? undefined : findEntry(store, [write], inputs.key, []);
  return entry?.metadata.key === inputs.key ? entry : undefined;
}

async function warnOnFailure<T>(step: Step, what: string, run: () => Promise<T> | T): Promise<T | 'failed'> {
  try {
    return await run();
  } catch (error) {
    step.annotate('warning', `Nothing was saved to ${what}: ${reasonOf(error)}.`);
    return 'failed';
  }
}
