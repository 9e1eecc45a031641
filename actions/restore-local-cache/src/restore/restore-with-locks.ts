import { reasonOf, type Step } from '@runner-actions/core';
import { isInside, jobOwner } from '@runner-actions/host';
import {
  type LockHolder,
  lockTargets,
  openStore,
  type Store,
  TargetInUse,
  unlockTargets,
} from '@runner-actions/store';
import { claimTargets, lockHolder, refuseClaimedTargets } from './target-claims.ts';
import { type RestoreResult, type HeldResources, cacheMiss } from './restore-result.ts';
import { onExistingFor, type RestoreContext } from './place-entry.ts';
import { type CachePlan, pathContext } from '../plan/cache-plan.ts';
import { restoreFromLevels } from './restore-from-levels.ts';
import { runnerRoots } from '../plan/runner-roots.ts';
import { resolveTargets } from '../plan/targets.ts';

/**
 * Restores the cache. The result includes what the job holds on the machine until it ends. A target outside of the
 * runner's folders that another running job on this machine uses is left unchanged, which is a miss.
 * @throws UserError for paths that cannot be cached, or that another step of this job uses
 */
export async function restoreWithLocks(
  step: Step,
  plan: CachePlan,
): Promise<{ found: RestoreResult; held: HeldResources }> {
  const { inputs } = plan;
  const holder = lockHolder(step.job, jobOwner());
  const held: HeldResources = { trash: [], locks: [], job: holder.job };
  // A wrong path is the user's error, even on a miss.
  const targets = resolveTargets(inputs.paths, pathContext(plan, step.job)).map(({ path }) => path);
  const reserved: string[] = [];
  const context: RestoreContext = {
    step,
    plan,
    held,
    reserve(actual) {
      refuseClaimedTargets(step.job, actual);
      lockOutsideTargets(context, holder, actual);
      reserved.splice(0, reserved.length, ...actual);
    },
  };
  if (inputs.lookupOnly) {
    const found = await restoreFromLevels(context);
    if (found.matchedKey !== inputs.key && inputs.save !== 'never')
      recordClaims(step, targets, inputs.key, false);
    return { found, held };
  }
  refuseClaimedTargets(step.job, targets);
  try {
    const found = await restoreFromLevels(context);
    const isHit = found.matchedKey !== undefined;
    if (isHit || inputs.save !== 'never') recordClaims(step, isHit ? reserved : targets, inputs.key, isHit);
    return { found, held };
  } catch (error) {
    unlockTargets(held.locks.splice(0), held.job);
    if (!(error instanceof TargetInUse)) throw error;
    step.annotate('warning', `${error.message}. It is left unchanged, which counts as a miss.`);
    return { found: { ...cacheMiss(error.message), reason: 'target-in-use' }, held };
  }
}

/** Records the claims. The restore is done, so a failure is only a warning. */
function recordClaims(step: Step, targets: readonly string[], key: string, isHit: boolean): void {
  try {
    claimTargets(step.job, targets, key, isHit);
  } catch (error) {
    step.annotate('warning', `Other steps of this job cannot see what this one caches: ${reasonOf(error)}.`);
  }
}

/**
 * Locks targets outside of the workspace and of the runner's folders. A target that is replaced is locked; a target
 * that is only added to must not be locked by another job.
 */
function lockOutsideTargets(
  { step, plan, held }: RestoreContext,
  holder: LockHolder,
  targets: readonly string[],
): void {
  const { workspace, temp, tool } = runnerRoots(step.job);
  const shared = targets.filter((path) => ![workspace, temp, tool].some((folder) => isInside(path, folder)));
  if (shared.length === 0 || plan.root === undefined) return;
  const store = openStoreForLocks(plan.root);
  if (store === undefined) return;
  const isReplaced = (target: string): boolean => onExistingFor(plan, step.job, target) === 'replace';
  lockTargets(
    store,
    shared.map((path) => ({ path, isReplaced: isReplaced(path) })),
    holder,
    held.locks,
  );
}

/** Opens the store. If it cannot be used, the user was warned already, and remote levels work without it. */
function openStoreForLocks(root: string): Store | undefined {
  try {
    return openStore(root);
  } catch {
    return undefined;
  }
}
