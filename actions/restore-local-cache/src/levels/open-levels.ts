import http from 'node:http';
import { prepareNetwork, proxySettingsForNode, reasonOf, type Step } from '@runner-actions/core';
import { openActionsCacheLevel } from './github/actions-cache-level.ts';
import { openGitHubLevel } from './github/github-level.ts';
import type { Level } from './level.ts';
import { type CachePlan, pathContext } from '../plan/cache-plan.ts';
import { openSharedLevel } from './shared/shared-level.ts';
import { transferSettings } from './transfer-settings.ts';

/**
 * Makes Node's HTTP clients use the proxy in HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Node ignores these variables by
 * default. The call exists since Node 24.14; for older versions, set NODE_USE_ENV_PROXY=1 in the runner's environment.
 */
function useProxy(step: Step): void {
  const { setGlobalProxyFromEnv } = http as Partial<typeof http>;
  try {
    setGlobalProxyFromEnv?.(proxySettingsForNode(prepareNetwork()));
  } catch (error) {
    // A shared folder needs no proxy, and a direct connection may work.
    step.annotate('warning', `${reasonOf(error)}. The cache connects without a proxy.`);
  }
}

/** Opens the remote levels, the nearest first. */
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
