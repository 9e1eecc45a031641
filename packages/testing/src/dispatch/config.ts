import { heartbeatMaxAge, heartbeatWorkflow } from './build-runs.ts';
import { metricsUrl } from './metrics.ts';
import type { World } from './world.ts';

/** Returns the files of the repository with the configuration, path → content; empty if the user describes labels. */
export function configFiles(world: World): Record<string, string> {
  return world.pool.described === 'config' ? { '.github/runner-config.yml': configOf(world) } : {};
}

function configOf({ pool, supplies, wanted: { labels, group } }: World): string {
  const runsOn = group === undefined ? labels : { group, ...(labels.length === 0 ? {} : { labels }) };
  const heartbeat = { workflow: heartbeatWorkflow, every: '15m', 'max-age': `${heartbeatMaxAge}m` };
  const own = {
    'runs-on': runsOn,
    kind: pool.kind,
    ...(pool.hasMaximum && pool.kind !== 'runners' ? { 'max-runners': supplies[0]?.max } : {}),
    ...(pool.hasHeartbeat ? { heartbeat } : {}),
    ...(pool.hasMetrics ? { 'metrics-url': metricsUrl } : {}),
  };
  // JSON is YAML.
  return JSON.stringify({ version: 1, pools: { own } });
}
