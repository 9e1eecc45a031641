import type { Sample, SeriesHead } from './sample.ts';

/** What a reader returns for a value that does not fit. */
const wrong = Symbol('wrong');
/**
 * Returns a copy of what is known of a value, or `wrong`. Unknown keys are left out: a job can write to the series, so
 * that it may hold anything, and much of it.
 */
type Read = (value: unknown) => unknown;

const when =
  (fits: (value: unknown) => boolean): Read =>
  (value) =>
    fits(value) ? value : wrong;
const between = (least: number, most: number): Read =>
  when((value) => typeof value === 'number' && value >= least && value <= most);
/** A counter or a size. No machine has more. */
const count = between(0, Number.MAX_SAFE_INTEGER);
const textOf = (most: number): Read => when((value) => typeof value === 'string' && value.length <= most);
const text = textOf(1024);
const flag = when((value) => typeof value === 'boolean');
const oneOf = (...values: unknown[]): Read => when((value) => values.includes(value));
/** A valid date. Source: ECMAScript, "Time Values and Time Range". */
const time = between(-8.64e15, 8.64e15);
const maybe =
  (read: Read): Read =>
  (value) =>
    value === undefined ? undefined : read(value);
const listOf =
  (read: Read, most = 100): Read =>
  (value) => {
    if (!Array.isArray(value) || value.length > most) return wrong;
    const items = value.map(read);
    return items.includes(wrong) ? wrong : items;
  };
const record =
  (fields: Record<string, Read>): Read =>
  (value) => {
    if (typeof value !== 'object' || value === null) return wrong;
    const copy: Record<string, unknown> = {};
    for (const [name, read] of Object.entries(fields)) {
      const field = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      const found = read(field);
      if (found === wrong) return wrong;
      if (found !== undefined) copy[name] = found;
    }
    return copy;
  };
const counts = (...names: string[]): Read => record(Object.fromEntries(names.map((name) => [name, count])));
const someCounts = (...names: string[]): Read =>
  record(Object.fromEntries(names.map((name) => [name, maybe(count)])));

const disk = record({
  ...{ path: textOf(4096), mountPoint: maybe(textOf(4096)) },
  ...{ totalBytes: count, availableBytes: count, freeBytes: maybe(count) },
});
const job = record({
  source: oneOf('cgroup', 'processes'),
  ...{ cpuSeconds: count, memoryBytes: count, processes: count },
  heaviest: listOf(record({ name: text, cpuSeconds: count, memoryBytes: count })),
});
const gpu = record({
  ...{ index: count, name: text },
  ...{ use: maybe(count), usedBytes: maybe(count), totalBytes: maybe(count) },
});
const sample = record({
  ...{ wall: time, monotonic: count },
  disks: listOf(disk),
  cpu: maybe(counts('user', 'system', 'iowait', 'steal', 'idle')),
  memory: maybe(counts('usedBytes', 'totalBytes')),
  cgroup: maybe(
    someCounts('cpuSeconds', 'workingSetBytes', 'anonymousBytes', 'oomKills', 'throttledSeconds'),
  ),
  network: maybe(counts('receivedBytes', 'sentBytes')),
  diskTraffic: maybe(counts('readBytes', 'writtenBytes')),
  pressure: maybe(someCounts('cpu', 'memory', 'io')),
  job: maybe(job),
  neighbours: maybe(between(0, 10_000)),
  oomKills: maybe(count),
  kills: maybe(listOf(record({ name: text, ofJob: flag, memoryBytes: maybe(count) }))),
  gpus: maybe(listOf(gpu)),
  interval: maybe(count),
  notes: maybe(listOf(text, 10)),
});

const limit = (most: number): Read =>
  record({ value: between(Number.MIN_VALUE, most), source: oneOf('machine', 'affinity', 'cgroup') });
const head = record({
  version: oneOf(1),
  interval: between(1, 86_400_000),
  monotonic: maybe(count),
  cores: limit(100_000),
  memory: limit(2 ** 53),
  notes: listOf(text, 10),
});

/** Returns what is known of a sample; `undefined` if the value is none. */
export function readSample(value: unknown): Sample | undefined {
  const found = sample(value);
  return found === wrong ? undefined : (found as Sample);
}

/** Returns what is known of a head; `undefined` if the value is none. */
export function readHead(value: unknown): SeriesHead | undefined {
  const found = head(value);
  return found === wrong ? undefined : (found as SeriesHead);
}
