import type { RootFrom } from '@runner-actions/config';
import { type Step, UserError } from '@runner-actions/core';
import { isInside, realPathOf } from '@runner-actions/host';
import { checkRoot, NotAStore } from '@runner-actions/store';
import type { CachePlan } from './cache-plan.ts';

const names = { input: "Input 'root'", configuration: "'cache.root' of the configuration" };

/**
 * Checks that the root is a store or that a store may be created there. Otherwise the directory is not touched: if the
 * input or the configuration names it, that is a user error; if the machine names it, the action warns and reports a
 * miss.
 * @returns the plan, without a root where the root cannot be used
 * @throws UserError
 */
export function withValidRoot(step: Step, plan: CachePlan, from: RootFrom): CachePlan {
  const { root } = plan;
  const why = root === undefined ? undefined : rootProblem(root, step.job.workspace);
  if (why === undefined) return plan;
  if (from === 'input' || from === 'configuration') throw new UserError(`${names[from]}: ${why}`);
  step.annotate('warning', `The local store could not be used, which counts as a miss: ${why}`);
  return { ...plan, root: undefined, whyNoDisk: 'see the warning' };
}

/** Returns why there can be no store at `root`, if changing the setting solves it. `undefined`: no problem. */
function rootProblem(root: string, workspace: string): string | undefined {
  try {
    checkRoot(root);
  } catch (error) {
    if (error instanceof NotAStore) return error.message;
    // Opening the store reports any other error later.
    return undefined;
  }
  const [place, work] = [realPathOf(root), realPathOf(workspace)];
  if (isInside(place, work))
    return `The store's root ${root} is in the workspace, where a checkout can delete or replace it. Choose a folder outside of the workspace.`;
  if (isInside(work, place))
    return `The store's root ${root} contains the workspace. Choose a separate folder.`;
  return undefined;
}
