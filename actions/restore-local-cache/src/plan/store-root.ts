import { type Step, UserError } from '@runner-actions/core';
import { isInside, realPlace } from '@runner-actions/host';
import { checkRoot, NotAStore } from '@runner-actions/store';
import type { CachePlan } from './cache-plan.ts';
import type { RootFrom } from './resolve-inputs.ts';

const names = { input: "Input 'root'", configuration: "'cache.root' of the configuration" };

/**
 * The plan, if a store is at its root or may be made there. A folder of other things is left alone: named by the user, it is the user's
 * error; by the machine's owner, a warning, and a miss.
 * @throws UserError
 */
export function withValidRoot(step: Step, plan: CachePlan, from: RootFrom): CachePlan {
  const { root } = plan;
  const why = root === undefined ? undefined : rootProblem(root, step.job.workspace);
  if (why === undefined) return plan;
  if (from === 'input' || from === 'configuration') throw new UserError(`${names[from]}: ${why}`);
  step.annotate('warning', `The local store could not be used, which counts as a miss: ${why}`);
  return { ...plan, root: undefined, whyNoDisk: 'the warning says why' };
}

/** What keeps a store from being at `root`, as far as whoever named it can change that; `undefined`: nothing. */
function rootProblem(root: string, workspace: string): string | undefined {
  try {
    checkRoot(root);
  } catch (error) {
    if (error instanceof NotAStore) return error.message;
    // The store itself has its word on it when it is opened.
    return undefined;
  }
  const [place, work] = [realPlace(root), realPlace(workspace)];
  if (isInside(place, work))
    return `The store's root ${root} lies in the workspace, where a checkout cleans, and puts what it likes. Name a folder outside.`;
  if (isInside(work, place)) return `The store's root ${root} holds the workspace. Name a folder of its own.`;
  return undefined;
}
