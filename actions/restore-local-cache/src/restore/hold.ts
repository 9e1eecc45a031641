import { reasonOf, type Step } from '@runner-actions/core';
import { isInside, jobOwner } from '@runner-actions/host';
import {
  type Holder,
  lockTargets,
  openStore,
  type Store,
  TargetInUse,
  unlockTargets,
} from '@runner-actions/store';
import { claimTargets, holderOf, refuseClaimed } from './claims.ts';
import { type Found, type Held, notFound } from './found.ts';
import { onExistingAt, type Placing } from './place.ts';
import { type CachePlan, surroundings } from '../plan/plan.ts';
import { restore } from './search.ts';
import { rootsOf } from '../plan/roots.ts';
import { resolveTargets } from '../plan/targets.ts';

/**
 * Restores, with what the job then has of the machine until it ends. A target outside of the runner's folders that a living job
 * of this machine has is left alone: that is a miss.
 * @throws UserError for paths that cannot be cached, or that another step of this job restored to
 */
export async function restoreAndHold(step: Step, plan: CachePlan): Promise<{ found: Found; held: Held }> {
  const { inputs } = plan;
  const mine = holderOf(step.job, jobOwner());
  const held: Held = { trash: [], locks: [], job: mine.job };
  // A path that is wrong is the user's error, whatever is found.
  const targets = resolveTargets(inputs.paths, surroundings(plan, step.job)).map(({ path }) => path);
  const placed: string[] = [];
  const placing: Placing = {
    step,
    plan,
    held,
    reserve(real) {
      refuseClaimed(step.job, real);
      lockShared(placing, mine, real);
      placed.splice(0, placed.length, ...real);
    },
  };
  if (inputs.lookupOnly) {
    const found = await restore(placing);
    if (found.matchedKey !== inputs.key && inputs.save !== 'never') claim(step, targets, inputs.key, false);
    return { found, held };
  }
  refuseClaimed(step.job, targets);
  try {
    const found = await restore(placing);
    const isHit = found.matchedKey !== undefined;
    if (isHit || inputs.save !== 'never') claim(step, isHit ? placed : targets, inputs.key, isHit);
    return { found, held };
  } catch (error) {
    unlockTargets(held.locks.splice(0), held.job);
    if (!(error instanceof TargetInUse)) throw error;
    step.annotate('warning', `${error.message}. It is left alone, which counts as a miss.`);
    return { found: { ...notFound(error.message), reason: 'target-in-use' }, held };
  }
}

/** What was restored is there, whether or not it can be noted. */
function claim(step: Step, targets: readonly string[], key: string, isHit: boolean): void {
  try {
    claimTargets(step.job, targets, key, isHit);
  } catch (error) {
    step.annotate('warning', `Other steps of this job cannot see what this one caches: ${reasonOf(error)}.`);
  }
}

/** Of what is outside of the workspace and the runner's own folders: what is replaced is locked, what is added to must not be. */
function lockShared({ step, plan, held }: Placing, mine: Holder, targets: readonly string[]): void {
  const { workspace, temp, tool } = rootsOf(step.job);
  const shared = targets.filter((path) => ![workspace, temp, tool].some((folder) => isInside(path, folder)));
  if (shared.length === 0 || plan.root === undefined) return;
  const store = openForLocks(plan.root);
  if (store === undefined) return;
  const isReplaced = (target: string): boolean => onExistingAt(plan, step.job, target) === 'replace';
  lockTargets(
    store,
    shared.map((path) => ({ path, isReplaced: isReplaced(path) })),
    mine,
    held.locks,
  );
}

/** One that cannot be used was a warning already, and other levels need it not. */
function openForLocks(root: string): Store | undefined {
  try {
    return openStore(root);
  } catch {
    return undefined;
  }
}
