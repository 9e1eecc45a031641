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

const required = ['gha_assigned_jobs', 'gha_running_jobs', 'gha_idle_runners', 'gha_registered_runners'];
/** The last two come from ARC's controller, so a listener never has them. A Prometheus server can return them all. */
const optional = [
  'gha_max_runners',
  'gha_desired_runners',
  'gha_controller_pending_ephemeral_runners',
  'gha_controller_failed_ephemeral_runners',
];

/**
 * Judges a scale set by its gauges. If a required series is missing, or any series is too old or not a count, the result
 * is `unknown`, never zero. The same applies to several series that no label distinguishes. The administrator chooses
 * which labels are exported, so no label is required. Source: actions-runner-controller,
 * `cmd/ghalistener/metrics/metrics.go` and `controllers/actions.github.com/metrics/metrics.go`.
 */
export function readScaleSet(samples: readonly Sample[], question: ScaleSetQuestion): Observation {
  const gauges = new Map<string, number>();
  for (const name of [...required, ...optional]) {
    const found = gaugeOf(samples, name, question);
    if (typeof found === 'number') gauges.set(name, found);
    else if (required.includes(name) || found !== missing(name)) return unknown(found);
  }
  const value = (name: string): number => gauges.get(name) ?? 0;
  const max = Math.min(gauges.get('gha_max_runners') ?? Infinity, question.maxRunners ?? Infinity);
  if (!Number.isFinite(max))
    return unknown(`${missing('gha_max_runners')}, and the pool has no 'max-runners'`);
  return conclude({
    assigned: value('gha_assigned_jobs'),
    running: value('gha_running_jobs'),
    idle: value('gha_idle_runners'),
    registered: value('gha_registered_runners'),
    max,
    desired: gauges.get('gha_desired_runners'),
    pending: gauges.get('gha_controller_pending_ephemeral_runners'),
    failed: value('gha_controller_failed_ephemeral_runners'),
  });
}

interface Gauges {
  assigned: number;
  running: number;
  idle: number;
  registered: number;
  max: number;
  /** `undefined` if not exported. */
  desired: number | undefined;
  /** `undefined` if not exported. */
  pending: number | undefined;
  failed: number;
}

/**
 * Judges the counts. If jobs wait and no runner is idle, runners are starting, as after each cold start, or fail to
 * start: one scrape does not show how long jobs have waited. The scale set then still counts as free, with less
 * confidence: `medium` if a runner is at work, else `low`.
 */
function conclude(gauges: Gauges): Observation {
  const { assigned, running, idle, registered, max, failed } = gauges;
  const free = Math.max(0, max - assigned);
  const counted = `${assigned} jobs assigned, ${running} running, ${idle} idle, ${max} runners at most${failed > 0 ? `, ${failed} failed` : ''}`;
  const base = { kind: 'seen', source: 'scale-set-metrics', confidence: 'high', hidden: 0 } as const;
  const counts = { matching: max, online: Math.max(registered, free > 0 ? 1 : 0), free };
  const seen = { ...base, ...counts, detail: counted };
  if (isBlocked(gauges)) return { ...seen, free: 0, state: 'degraded' };
  if (free === 0) return { ...seen, state: 'saturated' };
  if (assigned <= running || idle > 0) return seen;
  const detail = `${counted}; runners are starting or fail to start`;
  return { ...seen, confidence: running > 0 ? 'medium' : 'low', detail };
}

/**
 * Whether failed runners keep the scale set from starting more. ARC counts a failed runner as one that it has until
 * somebody deletes it, so it starts no other if these and the working ones are as many as it wants. Failures alone
 * prove nothing: they may be old, and a scale set that wants more runners starts them beside the failed ones.
 * Source: actions-runner-controller, `scaleTotal` in `ephemeralrunnerset_controller.go`.
 */
function isBlocked({ assigned, running, idle, desired, pending, failed }: Gauges): boolean {
  if (assigned <= running || idle > 0 || desired === undefined || pending !== 0) return false;
  return running < desired && running + failed >= desired;
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
