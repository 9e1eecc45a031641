import type { Step } from '@runner-actions/core';
import { jobOwner } from '@runner-actions/host';
import { claimTargets, holderOf, lockTargets, refuseClaimed, TargetInUse, unlockTargets } from './claims.ts';
import { type Found, type Held, notFound } from './found.ts';
import type { Placing } from './place.ts';
import { type CachePlan, surroundings } from './plan.ts';
import { restore } from './restoring.ts';
import { rootsOf } from './roots.ts';
import { lockable, resolveTargets } from './targets.ts';

/**
 * Restores, with what the job then has of the machine until it ends. A target outside of the runner's folders that a living job
 * of this machine has is left alone: that is a miss.
 * @throws UserError for paths that cannot be cached, or that another step of this job restored to
 */
export async function restoreAndHold(step: Step, plan: CachePlan): Promise<{ found: Found; held: Held }> {
  const { inputs } = plan;
  const mine = holderOf(step.job, jobOwner());
  const held: Held = { trash: [], locks: [], job: mine.job };
  const roots = rootsOf(step.job);
  const own = [roots.workspace, roots.temp, roots.tool];
  // A path that is wrong is the user's error, whatever is found.
  const targets = resolveTargets(inputs.paths, surroundings(plan, step.job)).map(({ path }) => path);
  const placed: string[] = [];
  const placing: Placing = {
    step,
    plan,
    held,
    reserve(real) {
      refuseClaimed(step.job, real);
      lockTargets(real, own, mine, held.locks);
      placed.splice(0, placed.length, ...real);
    },
  };
  if (inputs.lookupOnly) {
    const found = await restore(placing);
    if (found.matchedKey !== inputs.key && inputs.save !== 'never')
      claimTargets(step.job, targets, inputs.key, false);
    return { found, held };
  }
  refuseClaimed(step.job, targets);
  try {
    lockTargets([...lockable(inputs.paths, roots), ...targets], own, mine, held.locks);
    const found = await restore(placing);
    const isHit = found.matchedKey !== undefined;
    if (isHit || inputs.save !== 'never') claimTargets(step.job, isHit ? placed : targets, inputs.key, isHit);
    return { found, held };
  } catch (error) {
    unlockTargets(held.locks.splice(0), held.job);
    if (!(error instanceof TargetInUse)) throw error;
    step.annotate('warning', `${error.message}. It is left alone, which counts as a miss.`);
    return { found: { ...notFound(error.message), reason: 'target-in-use' }, held };
  }
}
