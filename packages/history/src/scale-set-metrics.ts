import type { Sample } from './prometheus-text.ts';
import type { Observation } from './observation.ts';

interface ScaleSetQuestion {
  /** What the scale set may be called: as its only label in `runs-on`, or, with several, as the pool or one of them. */
  names: readonly string[];
  repository: { owner: string; name: string };
  /** From the configuration: where the listener does not say, or says more. */
  maxRunners: number | undefined;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A listener exports once a second or so: samples this old are of a listener that hangs. */
const oldest = 2 * 60_000;

/**
 * What the gauges of a listener tell of a scale set. A series that is missing, old or not a count is `unknown`, never
 * zero; several series that no label tells apart are refused. Which labels there are the administrator chooses, so none
 * is required. Source: actions-runner-controller, gha-runner-scale-set, "Metrics".
 */
export function readScaleSet(samples: readonly Sample[], question: ScaleSetQuestion): Observation {
  const gauges = new Map<string, number>();
  for (const name of ['assigned_jobs', 'running_jobs', 'idle_runners', 'registered_runners']) {
    const found = gaugeOf(samples, `gha_${name}`, question);
    if (typeof found === 'string') return unknown(found);
    gauges.set(name, found);
  }
  const limit = gaugeOf(samples, 'gha_max_runners', question);
  // The configuration stands in for a limit that is not exported, not for one that cannot be believed.
  if (typeof limit === 'string' && limit !== missing('gha_max_runners')) return unknown(limit);
  const max = Math.min(typeof limit === 'number' ? limit : Infinity, question.maxRunners ?? Infinity);
  if (!Number.isFinite(max)) return unknown(`${String(limit)}, and the pool has no 'max-runners'`);
  const value = (name: string): number => gauges.get(name) ?? 0;
  const failed = gaugeOf(samples, 'gha_controller_failed_ephemeral_runners', question);
  if (typeof failed === 'string' && failed !== missing('gha_controller_failed_ephemeral_runners'))
    return unknown(failed);
  return conclude({
    assigned: value('assigned_jobs'),
    running: value('running_jobs'),
    idle: value('idle_runners'),
    registered: value('registered_runners'),
    max,
    failed: typeof failed === 'number' ? failed : 0,
  });
}

interface Gauges {
  assigned: number;
  running: number;
  idle: number;
  registered: number;
  max: number;
  failed: number;
}

function conclude({ assigned, running, idle, registered, max, failed }: Gauges): Observation {
  const free = Math.max(0, max - assigned);
  const detail = `${assigned} jobs assigned, ${running} running, ${idle} idle, ${max} runners at most${failed > 0 ? `, ${failed} failed` : ''}`;
  const base = { kind: 'seen', source: 'scale-set-metrics', confidence: 'high', hidden: 0, detail } as const;
  const counts = { matching: max, online: Math.max(registered, free > 0 ? 1 : 0), free };
  // One scrape cannot tell for how long jobs wait; runners that failed while none is idle stand in for it.
  if (assigned > running && idle === 0 && failed > 0)
    return { ...base, ...counts, free: 0, state: 'degraded' };
  if (free === 0) return { ...base, ...counts, state: 'saturated' };
  return { ...base, ...counts };
}

function missing(name: string): string {
  return `${name} is missing`;
}

/** The one value of a gauge for this scale set; a text says why there is none. */
function gaugeOf(samples: readonly Sample[], name: string, question: ScaleSetQuestion): number | string {
  const series = samples.filter((sample) => sample.name === name && isOf(sample, question));
  const [first, ...others] = series;
  if (first === undefined) return missing(name);
  if (others.length > 0)
    return `${name} has ${series.length} series, and no label tells which is ${question.names[0]}`;
  if (first.timestamp !== undefined && question.now - first.timestamp > oldest)
    return `${name} is older than 2 min`;
  return Number.isFinite(first.value) && first.value >= 0 ? first.value : `${name} is ${first.value}`;
}

/** A label that is there must fit; one that the administrator took away says nothing. */
function isOf({ labels }: Sample, { names, repository: { owner, name } }: ScaleSetQuestion): boolean {
  const fits = (label: string, wanted: readonly string[]): boolean => {
    const own = (labels[label] ?? '').toLowerCase();
    return own === '' || wanted.some((one) => one.toLowerCase() === own);
  };
  return (
    fits('name', names) && fits('organization', [owner]) && fits('repository', [name, `${owner}/${name}`])
  );
}

function unknown(detail: string): Observation {
  return { kind: 'unknown', source: 'scale-set-metrics', reason: 'unknown', failed: true, detail };
}
