/** Names and values of a series' labels. Values may come from strangers, such as the name of a job. */
export type Labels = Readonly<Record<string, string>>;

/** One series of a gauge or a counter. */
export interface Sample {
  labels: Labels;
  value: number;
}

/** The values up to and including `upTo`. As in Prometheus, each bucket also counts the values of those before it. */
export interface Bucket {
  upTo: number;
  count: number;
}

/** One series of a histogram. `buckets` ascend and are finite: renderers add the last one, for all values. */
export interface HistogramSample {
  labels: Labels;
  buckets: readonly Bucket[];
  /** How many values there are. */
  count: number;
  sum: number;
}

interface Described {
  /**
   * The name for Prometheus: `ci_job_duration_seconds`. A counter's ends in `_total`.
   * Source: Prometheus, "Metric and label naming".
   */
  name: string;
  /** One sentence. All programs that export a family must use the same one: node_exporter drops the others. */
  help: string;
  /** A base unit in the plural, such as `seconds`, `bytes`, `ratio` (0 to 1) or `dollars`. The name ends with it. */
  unit?: string;
  /** The name in OpenTelemetry, where its conventions have one: `cicd.pipeline.run.duration`. */
  openTelemetryName?: string;
}

/** A metric with all its series. */
export type Family = Described &
  (
    | { type: 'gauge' | 'counter'; samples: readonly Sample[] }
    | { type: 'histogram'; samples: readonly HistogramSample[] }
  );

/** Counts values into the buckets of a histogram. @param bounds ascending. Values that are not finite are left out */
export function histogramOf(
  labels: Labels,
  bounds: readonly number[],
  values: readonly number[],
): HistogramSample {
  const finite = values.filter((value) => Number.isFinite(value));
  const buckets = bounds.map((upTo) => ({ upTo, count: finite.filter((value) => value <= upTo).length }));
  return { labels, buckets, count: finite.length, sum: finite.reduce((sum, value) => sum + value, 0) };
}
