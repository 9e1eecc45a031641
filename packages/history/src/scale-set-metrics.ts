import type { Sample } from './prometheus-text.ts';
import type { Observation } from './observation.ts';

interface ScaleSetQuestion {
  /**
   * Possible names of the scale set: its only label in `runs-on`, or, with several labels, the name of the pool or
   * one of the labels.
   */
  names: readonly string[];
  repository: { owner: string; name: string };
  /** The maximum from the configuration. It applies if the listener reports none or a higher one. */
  maxRunners: number | undefined;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Milliseconds. A listener exports about once a second, so older samples come from a listener that hangs. */
const maxSampleAge = 2 * 60_000;

/**
 * Judges a scale set by the gauges of its listener. If a series is missing, too old or not a count, the result is
 * `unknown`, never zero. The same applies to several series that no label distinguishes. The administrator chooses
 * which labels are exported, so no label is required. Source: actions-runner-controller, gha-runner-scale-set,
 * "Metrics".
 */
export function readScaleSet(samples: readonly Sample[], question: ScaleSetQuestion): Observation {
  const gauges = new Map<string, number>();
  for (const name of ['assigned_jobs', 'running_jobs', 'idle_runners', 'registered_runners']) {
    const found = gaugeOf(samples, `gha_${name}`, question);
    if (typeof found === 'string') return unknown(found);
    gauges.set(name, found);
  }
  const limit = gaugeOf(samples, 'gha_max_runners', question);
  // The configuration replaces a limit that is not exported, but not an invalid one.
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
  // One scrape does not show how long jobs wait. Failed runners while none is idle are used as evidence instead.
  if (assigned > running && idle === 0 && failed > 0)
    return { ...base, ...counts, free: 0, state: 'degraded' };
  if (free === 0) return { ...base, ...counts, state: 'saturated' };
  return { ...base, ...counts };
}

function missing(name: string): string {
  return `${name} is missing`;
}

/** Returns the value of a gauge for this scale set, or a text that says why there is none. */
function gaugeOf(samples: readonly Sample[], name: string, question: ScaleSetQuestion): number | string {
  const series = samples.filter((sample) => sample.name === name && isOf(sample, question));
  const [first, ...others] = series;
  if (first === undefined) return missing(name);
  if (others.length > 0)
    return `${name} has ${series.length} series, and no label identifies the one of ${question.names[0]}`;
  if (first.timestamp !== undefined && question.now - first.timestamp > maxSampleAge)
    return `${name} is older than 2 min`;
  return Number.isFinite(first.value) && first.value >= 0 ? first.value : `${name} is ${first.value}`;
}

/**
 * Whether a sample belongs to this scale set. Labels that exist must match; labels that the administrator removed are
 * ignored.
 */
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
