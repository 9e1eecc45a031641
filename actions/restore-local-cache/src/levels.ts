import type { Step } from '@runner-actions/core';
import { openActionsCache } from './github/actions-cache-level.ts';
import { openGitHub } from './github/github-level.ts';
import type { Level } from './level.ts';
import { type CachePlan, surroundings } from './plan.ts';
import { openShared } from './shared/shared-level.ts';
import { openWorkbench } from './workbench.ts';

/** The levels beyond this machine, the nearest first. */
export async function openLevels(step: Step, plan: CachePlan): Promise<Level[]> {
  const { remote, layout } = plan.inputs;
  const bench = await openWorkbench(step, plan, surroundings(plan, step.job));
  const open = layout === 'portable' ? openGitHub : openActionsCache;
  const levels = [
    remote === 'only' ? undefined : openShared(step, plan, bench),
    remote === 'off' ? undefined : open(step, plan, bench),
  ];
  return levels.filter((level) => level !== undefined);
}
