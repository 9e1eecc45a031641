import { quote } from '@runner-actions/core';
import type { Family, HistogramSample, Labels, Sample } from './family.ts';
import { cleanText } from './label-value.ts';
import { mistakeInName } from './names.ts';

/** What a caller allows. */
export interface Bounds {
  /** The names of labels that samples may have. Never a run, a commit, or the name of an ephemeral runner. */
  labels: readonly string[];
  /** How many series all families may have together. Default: 100. */
  series?: number;
}

/** Families that may be rendered and sent. Only `checkMetrics` makes them. */
export interface CheckedMetrics {
  /** Families without samples are left out. Labels are in the order of their names. */
  readonly families: readonly Family[];
  readonly series: number;
  /** What was left out, one sentence each. */
  readonly notes: readonly string[];
}

/** The families break a rule, and nothing of them is sent. The message names the family. */
export class RefusedMetrics extends Error {
  override readonly name = 'RefusedMetrics';
}

const defaultSeries = 100;

/**
 * Checks families before they are rendered. Values that are not finite are left out, because some receivers refuse a whole
 * push for one of them. Of two samples with the same labels (for example, after long values were cut) the first counts.
 * @throws RefusedMetrics for a wrong name or unit, a label that is not allowed, impossible counts, and too many series
 */
export function checkMetrics(families: readonly Family[], bounds: Bounds): CheckedMetrics {
  const notes: string[] = [];
  const names = new Set<string>();
  const checked: Family[] = [];
  for (const family of families) {
    const mistake = mistakeInName(family);
    if (mistake !== undefined) throw new RefusedMetrics(`${quote(family.name)}: ${mistake}`);
    for (const name of namesOf(family)) {
      if (names.has(name)) throw new RefusedMetrics(`${family.name}: two families have series named ${name}`);
      names.add(name);
    }
    const samples = samplesOf(family, bounds.labels, notes);
    if (samples.length > 0)
      checked.push({ ...family, help: cleanText(family.help), samples } as unknown as Family);
  }
  const series = checked.reduce((sum, family) => sum + seriesOf(family), 0);
  refuseTooMany(checked, series, bounds.series ?? defaultSeries);
  return { families: checked, series, notes };
}

/** Returns how many series a family has. A histogram has one for each bucket, its count and its sum. */
export function seriesOf(family: Family): number {
  if (family.type !== 'histogram') return family.samples.length;
  return family.samples.reduce((sum, { buckets }) => sum + buckets.length + 3, 0);
}

function namesOf({ name, type }: Family): string[] {
  return type === 'histogram' ? [name, `${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}

function refuseTooMany(families: readonly Family[], series: number, limit: number): void {
  if (series <= limit) return;
  const [largest] = families.toSorted((one, other) => seriesOf(other) - seriesOf(one));
  if (largest === undefined) return;
  throw new RefusedMetrics(
    `${series} series are more than the ${limit} that one export may have. ${largest.name} has ` +
      `${seriesOf(largest)} of them: its labels (${labelNames(largest)}) have too many values`,
  );
}

function labelNames(family: Family): string {
  return Object.keys(family.samples[0]?.labels ?? {}).join(', ') || 'none';
}

function samplesOf(
  family: Family,
  allowed: readonly string[],
  notes: string[],
): (Sample | HistogramSample)[] {
  const seen = new Set<string>();
  let [unfit, repeated] = [0, 0];
  const samples = [...family.samples].flatMap((sample: Sample | HistogramSample) => {
    const labels = cleanLabels(family, sample.labels, allowed);
    const mistake = 'buckets' in sample ? mistakeInCounts(sample) : mistakeInValue(family, sample);
    if (mistake !== undefined) throw new RefusedMetrics(`${family.name}: ${mistake}`);
    const key = JSON.stringify(labels);
    const isFinite = Number.isFinite('buckets' in sample ? sample.sum : sample.value);
    if (!isFinite) unfit += 1;
    else if (seen.has(key)) repeated += 1;
    if (!isFinite || seen.has(key)) return [];
    seen.add(key);
    return [{ ...sample, labels }];
  });
  if (unfit > 0) notes.push(`${family.name}: ${unfit} without a finite value left out.`);
  if (repeated > 0)
    notes.push(`${family.name}: ${repeated} left out, because others have the same labels and come first.`);
  return samples;
}

/** Returns labels in the order of their names, with cleaned values. An empty value is the same as none. */
function cleanLabels({ name }: Family, labels: Labels, allowed: readonly string[]): Labels {
  const entries = Object.entries(labels).map(([label, value]) => {
    const isValid = /^[a-zA-Z_]\w*$/.test(label) && !label.startsWith('__') && label !== 'le';
    if (!isValid || !allowed.includes(label))
      throw new RefusedMetrics(`${name}: the label ${quote(label)} is not one of ${allowed.join(', ')}`);
    return [label, cleanText(value)] as const;
  });
  const given = entries.filter(([, value]) => value !== '');
  return Object.fromEntries(given.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function mistakeInValue({ type }: Family, { value }: Sample): string | undefined {
  return type === 'counter' && value < 0 ? `a counter cannot be ${value}` : undefined;
}

function mistakeInCounts({ buckets, count }: HistogramSample): string | undefined {
  let [last, lower] = [0, Number.NEGATIVE_INFINITY];
  for (const bucket of [...buckets, { upTo: Number.POSITIVE_INFINITY, count }]) {
    if (!(bucket.upTo > lower)) return 'the bounds of its buckets must ascend and be finite';
    if (!Number.isSafeInteger(bucket.count) || bucket.count < last)
      return 'the counts of its buckets must be whole numbers that do not fall';
    [last, lower] = [bucket.count, bucket.upTo];
  }
  return undefined;
}
