import { microsPerUnit } from '@runner-actions/cost';
import { type CheckedMetrics, checkMetrics, type Family, type Sample } from '@runner-actions/metrics';
import { cacheLevels, type CacheUse } from '../cache/cache-use.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { JobCost } from '../cost/job-cost.ts';
import type { Figures } from '../figures/figures.ts';

/** The figures of one job that are exported. */
export interface ExportedJob {
  figures: Figures;
  /** How long the job ran, in seconds, and how long it waited; `undefined` if unknown. */
  durationSeconds: number;
  queueSeconds: number | undefined;
  /** The machine's memory, or the limit of the job's cgroup. */
  memoryLimitBytes: number;
  cost: JobCost | undefined;
  comparison: Comparison | undefined;
  cache: CacheUse | undefined;
  /** GitHub's word; `undefined` if the step does not know how the job went. */
  conclusion: string | undefined;
  /** Seconds since 1970. */
  endedAt: number;
}

/** Names of labels that samples may have. None of them grows with the number of jobs that run. */
export const labelNames = [
  'repository',
  'workflow',
  'job',
  'runner_class',
  'runner',
  'conclusion',
  'currency',
  'level',
];

/** `unit` is omitted for numbers without one. */
interface Row {
  name: string;
  help: string;
  unit?: string;
  value: number | undefined;
  labels?: Readonly<Record<string, string>>;
}

/**
 * Returns the metrics of a job. All are gauges of the last job of its kind, so that a server keeps as many series as there
 * are kinds of jobs. What is unknown is left out.
 * @param labels of all samples
 */
export function familiesOf(job: ExportedJob, labels: Readonly<Record<string, string>> = {}): CheckedMetrics {
  const families = new Map<string, Family & { samples: Sample[] }>();
  for (const { name, help, unit, value, labels: own } of rowsOf(job)) {
    if (value === undefined) continue;
    const described = { name: `ghjob_${name}`, help, type: 'gauge', ...(unit && { unit }) } as const;
    const family = families.get(name) ?? { ...described, samples: [] };
    family.samples.push({ labels: { ...labels, ...own }, value });
    families.set(name, family);
  }
  return checkMetrics([...families.values()], { labels: labelNames });
}

/** Names of all metrics, with their help and unit: for the page of metrics, the dashboard and the rules. */
export function rowsOf(job: ExportedJob): Row[] {
  return [
    ...timesOf(job),
    ...resourcesOf(job),
    ...(job.cost === undefined ? [] : costsOf(job.cost)),
    ...judgementsOf(job),
    ...cacheOf(job.cache),
  ];
}

function timesOf({ durationSeconds, queueSeconds, conclusion, endedAt }: ExportedJob): Row[] {
  return [
    seconds(
      'duration_seconds',
      'How long the last job ran, until its metrics were reported.',
      durationSeconds,
    ),
    seconds('queue_duration_seconds', 'How long the last job waited for its runner.', queueSeconds),
    seconds('completed_timestamp_seconds', 'When the metrics of the last job were reported.', endedAt),
    {
      ...{ name: 'last_conclusion', help: 'How the last job went: 1 for its conclusion.' },
      ...(conclusion === undefined ? { value: undefined } : { value: 1, labels: { conclusion } }),
    },
  ];
}

function resourcesOf({ figures, memoryLimitBytes }: ExportedJob): Row[] {
  const { cpu, memory, jobMemory, disk, receivedBytes, sentBytes, readBytes, writtenBytes } = figures;
  const bytes = (name: string, help: string, value: number | undefined): Row => ({
    name,
    help,
    unit: 'bytes',
    value,
  });
  const ratio = (name: string, help: string, value: number | undefined): Row => ({
    name,
    help,
    unit: 'ratio',
    value,
  });
  return [
    seconds('cpu_seconds', 'CPU time that the last job itself used.', figures.jobCpuSeconds),
    ratio('machine_cpu_mean_ratio', 'Mean share of the CPUs in use while the last job ran.', cpu?.mean),
    ratio('machine_cpu_peak_ratio', 'Largest share of the CPUs in use while the last job ran.', cpu?.max),
    bytes('memory_peak_bytes', 'Most memory that the last job itself had.', jobMemory?.max),
    bytes('machine_memory_peak_bytes', 'Most memory in use while the last job ran.', memory?.max),
    bytes('memory_limit_bytes', 'Memory of the machine, or of the limit of the last job.', memoryLimitBytes),
    ratio('disk_peak_ratio', 'Largest share in use of any disk while the last job ran.', disk?.max),
    bytes('network_received_bytes', 'Bytes received while the last job ran.', receivedBytes),
    bytes('network_sent_bytes', 'Bytes sent while the last job ran.', sentBytes),
    bytes('disk_read_bytes', 'Bytes read from disks while the last job ran.', readBytes),
    bytes('disk_written_bytes', 'Bytes written to disks while the last job ran.', writtenBytes),
    {
      name: 'oom_kills',
      help: 'Processes that were killed because memory ran out.',
      value: figures.oomKills,
    },
    seconds(
      'memory_thrash_seconds',
      'Longest time in which all tasks waited for memory.',
      figures.thrashSeconds,
    ),
    seconds('cpu_throttled_seconds', 'How long a CPU quota held tasks back.', figures.throttledSeconds),
  ];
}

function costsOf({ isHosted, currency, own, hosted, saving }: JobCost): Row[] {
  const units = (micros: number | undefined): number | undefined =>
    micros === undefined ? undefined : micros / microsPerUnit;
  const there = hosted.kind === 'priced' ? hosted.cost : undefined;
  const cost = isHosted ? there : own?.total;
  const dollars = (name: string, help: string, value: number | undefined): Row => ({
    ...{ name, help, unit: 'dollars' },
    value: units(value),
  });
  return [
    {
      ...{ name: 'cost', help: 'What the last job cost where it ran, in the currency of the label.' },
      ...{ value: units(cost), labels: { currency: isHosted ? 'USD' : currency } },
    },
    dollars('hosted_cost_dollars', 'What the last job cost, or would have cost, on a hosted runner.', there),
    dollars(
      'saving_dollars',
      'What the last job cost less than on a hosted runner; negative if it cost more.',
      saving?.kind === 'known' ? saving.amount : undefined,
    ),
  ];
}

function judgementsOf({ comparison }: ExportedJob): Row[] {
  if (comparison === undefined || 'unknown' in comparison) return [];
  const { duration, rollback, success } = comparison;
  const judged = duration !== undefined && duration.regression !== 'learning' ? duration : undefined;
  return [
    seconds(
      'baseline_duration_seconds',
      'Median duration of the earlier successful jobs.',
      judged && judged.baseline.median / 1000,
    ),
    {
      ...{ name: 'slower', help: '1 if the last job took longer than its baseline allows, else 0.' },
      value: judged && Number(judged.regression === 'slower'),
    },
    {
      ...{
        name: 'rollback',
        help: '1 while several runs in a row took more than twice as long as usual, else 0.',
      },
      value: Number(rollback.rollback || rollback.isLatched),
    },
    {
      ...{ name: 'success_ratio', help: 'Share of successful jobs in the last 24 hours.', unit: 'ratio' },
      value: success.verdict === 'learning' ? undefined : success.share,
    },
  ];
}

function cacheOf(cache: CacheUse | undefined): Row[] {
  if (cache === undefined) return [];
  const byLevel = (name: string, help: string, values: CacheUse['hits'], unit?: string): Row[] =>
    cacheLevels.map((level) => ({
      ...{ name, help, value: values[level], labels: { level } },
      ...(unit === undefined ? {} : { unit }),
    }));
  return [
    ...byLevel('cache_hits', 'Entries that the last job found, by the level that had them.', cache.hits),
    ...byLevel('cache_restored_bytes', 'Bytes that it restored, by level.', cache.restoredBytes, 'bytes'),
    { name: 'cache_misses', help: 'Lookups of the last job that found nothing.', value: cache.misses },
    {
      ...{
        name: 'cache_network_saved_bytes',
        help: 'Bytes that came from the machine, not over the network.',
      },
      ...{ unit: 'bytes', value: cache.networkSavedBytes },
    },
    seconds('cache_restore_seconds', 'How long the last job took to restore caches.', cache.seconds),
  ];
}

const seconds = (name: string, help: string, value: number | undefined): Row => ({
  ...{ name, help, unit: 'seconds' },
  value,
});
