import type { Sample } from './sample.ts';

type Check = (value: unknown) => boolean;

/** A counter or a size: a number that is not negative. */
const count: Check = (value) => typeof value === 'number' && value >= 0 && Number.isFinite(value);
const text: Check = (value) => typeof value === 'string' && value.length <= 4096;
const flag: Check = (value) => typeof value === 'boolean';
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
/** Whether the value is a valid date. Source: ECMAScript, "Time Values and Time Range". */
const time: Check = (value) => typeof value === 'number' && Math.abs(value) <= 8.64e15;
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check, most = 100): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check);
const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
const counts = (...names: string[]): Check => record(Object.fromEntries(names.map((name) => [name, count])));
const someCounts = (...names: string[]): Check =>
  record(Object.fromEntries(names.map((name) => [name, maybe(count)])));

const disk = record({
  ...{ path: text, mountPoint: maybe(text) },
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
  neighbours: maybe(count),
  oomKills: maybe(count),
  kills: maybe(listOf(record({ name: text, ofJob: flag, memoryBytes: maybe(count) }))),
  gpus: maybe(listOf(gpu)),
  interval: maybe(count),
  notes: maybe(listOf(text, 10)),
});

/** Returns whether a value is a sample. The job can write to the series, so a line may hold anything. */
export function isSample(value: unknown): value is Sample {
  return sample(value);
}
