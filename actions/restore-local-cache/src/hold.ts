import type { Step } from '@runner-actions/core';
import { jobOwner } from '@runner-actions/host';
import { claimTargets, holderOf, lockTargets, refuseClaimed, unlockTargets } from './claims.ts';
import { type Found, type Held, notFound } from './found.ts';
import { type CachePlan, surroundings } from './plan.ts';
import { rootsOf } from './roots.ts';
import { restore } from './restoring.ts';
import { resolveTargets } from './targets.ts';

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
  if (inputs.lookupOnly) return { found: await restore({ step, plan, held }), held };
  const { workspace, temp, tool } = rootsOf(step.job);
  const answer = lockTargets(targets, [workspace, temp, tool], mine);
  if ('inUse' in answer) {
    const why = `${answer.inUse} is in use by another job of this machine: ${answer.holder.purpose}`;
    step.annotate('warning', `${why}. It is left alone, which counts as a miss.`);
    return { found: { ...notFound(why), reason: 'target-in-use' }, held };
  }
  held.locks.push(...answer.locks);
  try {
    refuseClaimed(step.job, targets);
    const found = await restore({ step, plan, held });
    if (found.matchedKey !== undefined) claimTargets(step.job, targets, inputs.key);
    return { found, held };
  } catch (error) {
    unlockTargets(held.locks, held.job);
    throw error;
  }
}
