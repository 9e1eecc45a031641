import type { CheckedMetrics } from './check.ts';
import type { Family, HistogramSample, Labels } from './family.ts';
import { baseName } from './names.ts';

/**
 * Renders families in the Prometheus text format, version 0.0.4, without time stamps: Pushgateway refuses them, and
 * node_exporter skips a file that has them. Each line ends with a line feed, the last one too: both need it.
 * Source: Prometheus, "Exposition formats".
 */
export function renderPrometheus({ families }: CheckedMetrics): string {
  const lines = families.flatMap((family) => [
    `# HELP ${family.name} ${escapeHelp(family.help)}`,
    `# TYPE ${family.name} ${family.type}`,
    ...seriesLines(family, String),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * Renders families as OpenMetrics 1.0, for a file or an artifact. Not for Pushgateway, which takes its counters as untyped.
 * Source: OpenMetrics 1.0, "Text format".
 * @param time of all samples, in milliseconds since the epoch. A file without it cannot be imported as history
 */
export function renderOpenMetrics({ families }: CheckedMetrics, time?: number): string {
  const end = time === undefined ? '' : ` ${time / 1000}`;
  const lines = families.flatMap((family) => [
    `# TYPE ${baseName(family.name)} ${family.type}`,
    ...(family.unit === undefined ? [] : [`# UNIT ${baseName(family.name)} ${family.unit}`]),
    `# HELP ${baseName(family.name)} ${escapeValue(family.help)}`,
    ...seriesLines(family, canonical).map((line) => line + end),
  ]);
  return [...lines, '# EOF'].map((line) => `${line}\n`).join('');
}

function seriesLines(family: Family, asBound: (bound: number) => string): string[] {
  if (family.type === 'histogram')
    return family.samples.flatMap((sample) => histogramLines(family.name, sample, asBound));
  return family.samples.map(({ labels, value }) => `${family.name}${braces(labels)} ${value}`);
}

function histogramLines(
  name: string,
  { labels, buckets, count, sum }: HistogramSample,
  asBound: (bound: number) => string,
): string[] {
  const bounds = [...buckets.map(({ upTo, count: below }) => [asBound(upTo), below]), ['+Inf', count]];
  return [
    ...bounds.map(([le, below]) => `${name}_bucket${braces({ ...labels, le: String(le) })} ${below}`),
    `${name}_sum${braces(labels)} ${sum}`,
    `${name}_count${braces(labels)} ${count}`,
  ];
}

/** OpenMetrics compares bounds as text, so that 1 and 1.0 would be two buckets. Its form of a whole number is 1.0. */
function canonical(bound: number): string {
  const text = String(bound);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function braces(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
