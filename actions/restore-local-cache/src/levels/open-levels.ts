import http from 'node:http';
import type { Step } from '@runner-actions/core';
import { openActionsCache } from './github/actions-cache-level.ts';
import { openGitHub } from './github/github-level.ts';
import type { Level } from './level.ts';
import { type CachePlan, surroundings } from '../plan/plan.ts';
import { openShared } from './shared/shared-level.ts';
import { openWorkbench } from './workbench.ts';

/**
 * Lets Node's own clients use the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, as programs do: it looks at these only
 * when told. Node knows the call since 24.14; before, NODE_USE_ENV_PROXY=1 in the runner's environment does the same.
 */
function useProxy(): void {
  const { setGlobalProxyFromEnv } = http as { setGlobalProxyFromEnv?: () => void };
  setGlobalProxyFromEnv?.();
}

/** The levels beyond this machine, the nearest first. */
export async function openLevels(step: Step, plan: CachePlan): Promise<Level[]> {
  useProxy();
  const { remote, layout } = plan.inputs;
  const bench = await openWorkbench(step, plan, surroundings(plan, step.job));
  const open = layout === 'portable' ? openGitHub : openActionsCache;
  const levels = [
    remote === 'only' ? undefined : openShared(step, plan, bench),
    remote === 'off' ? undefined : open(step, plan, bench),
  ];
  return levels.filter((level) => level !== undefined);
}
