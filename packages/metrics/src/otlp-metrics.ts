import type { CheckedMetrics } from './check.ts';
import type { Bucket, Family, Labels } from './family.ts';
import { type AttributeValues, attributesOf, nanoseconds, schemaUrl, scope } from './otlp-values.ts';
import { resultOf } from './pipeline.ts';

/** When and where metrics were taken. */
export interface MetricsContext {
  resource: AttributeValues;
  /** Milliseconds since the epoch: when counters and histograms began to count, and when all were read. */
  start: number;
  end: number;
  /** The attributes for labels that OpenTelemetry has a name for: `{ conclusion: 'cicd.pipeline.result' }`. */
  attributes?: Readonly<Record<string, string>>;
}

/** Attributes whose values are OpenTelemetry's words for conclusions. */
const results = new Set(['cicd.pipeline.result', 'cicd.pipeline.task.run.result']);

/** In OTLP's JSON, an enum is a number: the values count from `start`. */
const cumulative = 2;

/** Units in OpenTelemetry are those of UCUM. Others stand in braces, as notes. */
const units: Readonly<Record<string, string>> = {
  seconds: 's',
  bytes: 'By',
  ratio: '1',
  watts: 'W',
  joules: 'J',
  celsius: 'Cel',
};

/**
 * Returns an `ExportMetricsServiceRequest` as JSON.
 * Source: OTLP 1.x, "JSON Protobuf Encoding", and its `metrics.proto`.
 */
export function metricsRequest({ families }: CheckedMetrics, context: MetricsContext): string {
  const metrics = families.map((family) => ({
    name: family.openTelemetryName ?? family.name,
    description: family.help,
    ...(family.unit === undefined ? {} : { unit: unitOf(family.unit) }),
    ...dataOf(family, context),
  }));
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(context.resource) },
        scopeMetrics: [{ scope, metrics, schemaUrl }],
        schemaUrl,
      },
    ],
  });
}

function unitOf(unit: string): string {
  return Object.hasOwn(units, unit) ? (units[unit] ?? unit) : `{${unit}}`;
}

function dataOf(family: Family, context: MetricsContext): object {
  const at = { timeUnixNano: nanoseconds(context.end) };
  const since = { startTimeUnixNano: nanoseconds(context.start), ...at };
  const attributes = (labels: Labels) => attributesOf(renamed(labels, context.attributes ?? {}));
  if (family.type === 'histogram') {
    const dataPoints = family.samples.map(({ labels, buckets, count, sum }) => ({
      attributes: attributes(labels),
      ...since,
      count: String(count),
      sum,
      bucketCounts: separate(buckets, count).map(String),
      explicitBounds: buckets.map(({ upTo }) => upTo),
    }));
    return { histogram: { aggregationTemporality: cumulative, dataPoints } };
  }
  const points = (times: object) =>
    family.samples.map(({ labels, value }) => ({
      attributes: attributes(labels),
      ...times,
      asDouble: value,
    }));
  if (family.type === 'gauge') return { gauge: { dataPoints: points(at) } };
  return { sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints: points(since) } };
}

/** Returns the count of each bucket alone, and of the values above all bounds. */
function separate(buckets: readonly Bucket[], count: number): number[] {
  const counts = [...buckets.map((bucket) => bucket.count), count];
  return counts.map((each, index) => each - (counts[index - 1] ?? 0));
}

function renamed(labels: Labels, names: Readonly<Record<string, string>>): Labels {
  const pairs = Object.entries(labels).map(([label, value]) => {
    const name = (Object.hasOwn(names, label) ? names[label] : undefined) ?? label;
    return [name, results.has(name) ? resultOf(value) : value] as const;
  });
  return Object.fromEntries(pairs);
}
