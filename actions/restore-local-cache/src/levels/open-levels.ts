import http from 'node:http';
import { prepareNetwork, reasonOf, type Step } from '@runner-actions/core';
import { openActionsCacheLevel } from './github/actions-cache-level.ts';
import { openGitHubLevel } from './github/github-level.ts';
import type { Level } from './level.ts';
import { type CachePlan, pathContext } from '../plan/cache-plan.ts';
import { openSharedLevel } from './shared/shared-level.ts';
import { transferSettings } from './transfer-settings.ts';

/**
 * Makes Node's own clients use the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, as programs do. Node does so only
 * when told. It knows the call since 24.14; before, NODE_USE_ENV_PROXY=1 in the runner's environment does the same.
 */
function useProxy(step: Step): void {
  const { setGlobalProxyFromEnv } = http as Partial<typeof http>;
  try {
    setGlobalProxyFromEnv?.(prepareNetwork());
  } catch (error) {
    // A folder on the network needs no proxy, and a direct connection may work.
    step.annotate('warning', `${reasonOf(error)}. The cache connects without a proxy.`);
  }
}

/** The levels restoreFromRemoteLevels this machine, the nearest first. */
export async function openLevels(step: Step, plan: CachePlan): Promise<Level[]> {
  useProxy(step);
  const { remote, layout } = plan.inputs;
  const transfer = await transferSettings(step, plan, pathContext(plan, step.job));
  const open = layout === 'portable' ? openGitHubLevel : openActionsCacheLevel;
  const levels = [
    remote === 'only' ? undefined : openSharedLevel(step, plan, transfer),
    remote === 'off' ? undefined : open(step, plan, transfer),
  ];
  return levels.filter((level) => level !== undefined);
}
