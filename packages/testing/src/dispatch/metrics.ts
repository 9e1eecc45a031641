import type { World } from './world.ts';

/** Where the listener of a scale set exports its metrics. */
export const metricsUrl = 'http://listener.test/metrics';

/** Returns what the listener of the world's scale set exports; `undefined` if there is none that answers. */
export function metricsOf({ supplies, runs }: World): string | undefined {
  const scaleSet = supplies.find(({ kind }) => kind === 'scale-set');
  if (scaleSet?.isListening !== true) return undefined;
  const running = scaleSet.running.length;
  // The listener takes as many jobs as the set has runners, even if these fail to start.
  const queued = runs.filter(({ status }) => status === 'queued').length;
  const gauges = {
    assigned_jobs: Math.min(scaleSet.max, running + queued),
    running_jobs: running,
    idle_runners: 0,
    registered_runners: running,
    max_runners: scaleSet.max,
  };
  const [name] = scaleSet.labels;
  return Object.entries(gauges)
    .map(([gauge, value]) => `gha_${gauge}{name="${name ?? ''}"} ${value}\n`)
    .join('');
}
