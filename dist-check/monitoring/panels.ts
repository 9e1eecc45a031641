// The panels of the dashboard, as data.

/** A query of a panel. */
export interface Query {
  /** PromQL. `$filter` stands for the choice of repository, workflow, job and class of runner. */
  expression: string;
  /** The name of each line, with `{{label}}` for its labels. Empty for a table. */
  legend: string;
}

/** A panel: lines over time, or a table with one row for each kind of job. */
export interface Panel {
  title: string;
  /** What the figures mean, for the reader of the dashboard. */
  description: string;
  kind: 'lines' | 'table';
  /** Grafana's name of a unit: `s`, `bytes`, `percentunit`, `none`. */
  unit: string;
  queries: readonly Query[];
  /** Names of the columns of a table, by query. */
  columns?: readonly string[];
}

/** A heading, and the panels below it, two in a row. */
export interface Section {
  title: string;
  panels: readonly Panel[];
}

const kind = 'repository, workflow, job, runner_class';

/** Several machines can have the same kind of job in their textfiles: the largest figure counts. */
const largest = (metric: string, ...labels: string[]): string =>
  `max by (${[kind, ...labels].join(', ')}) (${metric}{$filter})`;

const line = (metric: string, what = ''): Query => ({
  expression: largest(metric),
  legend: `${what === '' ? '' : `${what}: `}{{workflow}} / {{job}}, {{runner_class}}`,
});

const lines = (title: string, unit: string, description: string, ...queries: Query[]): Panel => ({
  ...{ title, description, kind: 'lines', unit, queries },
});

const jobs: Panel = {
  title: 'Jobs',
  description: 'The last job of each kind: how it went, how long ago its figures came, and how long it took.',
  ...{ kind: 'table', unit: 's' },
  queries: [
    { expression: largest('ghjob_last_conclusion', 'conclusion'), legend: '' },
    {
      expression: `min by (${kind}) (time() - ghjob_completed_timestamp_seconds{$filter})`,
      legend: '',
    },
    { expression: largest('ghjob_duration_seconds'), legend: '' },
  ],
  columns: ['Last conclusion', 'Age', 'Duration'],
};

const time: Section = {
  title: 'Time',
  panels: [
    jobs,
    lines(
      'Duration against baseline',
      's',
      'How long the last job ran, and the median of its earlier successful runs on the default branch.',
      line('ghjob_duration_seconds', 'job'),
      line('ghjob_baseline_duration_seconds', 'baseline'),
    ),
    lines(
      'Waiting for a runner',
      's',
      'From the creation of the job to its start. Waiting for an approval or a concurrency group counts too.',
      line('ghjob_queue_duration_seconds'),
    ),
    lines(
      'Successful jobs of the last 24 hours',
      'percentunit',
      'Of the runs on the default branch, without cancelled and skipped ones. None below ten runs.',
      line('ghjob_success_ratio'),
    ),
    lines(
      'Warnings',
      'none',
      'Slower: the last job took longer than its baseline allows. Rollback: so did several in a row.',
      line('ghjob_slower', 'slower'),
      line('ghjob_rollback', 'rollback'),
    ),
  ],
};

const processors: Section = {
  title: 'CPU and memory',
  panels: [
    lines(
      'CPU time of the job',
      's',
      'What the processes of the last job used, and how long a CPU quota held tasks back.',
      line('ghjob_cpu_seconds', 'used'),
      line('ghjob_cpu_throttled_seconds', 'held back'),
    ),
    lines(
      'CPUs of the machine',
      'percentunit',
      'Share of the CPUs in use while the last job ran, by all jobs of the machine.',
      line('ghjob_machine_cpu_mean_ratio', 'mean'),
      line('ghjob_machine_cpu_peak_ratio', 'peak'),
    ),
    lines(
      'Memory, at its peak',
      'bytes',
      'Most memory of the last job itself, most in use at all while it ran, and the limit.',
      line('ghjob_memory_peak_bytes', 'job'),
      line('ghjob_machine_memory_peak_bytes', 'in use'),
      line('ghjob_memory_limit_bytes', 'limit'),
    ),
    lines(
      'Time without memory',
      's',
      'Longest time in which all tasks waited for memory.',
      line('ghjob_memory_thrash_seconds'),
    ),
    lines(
      'Killed because memory ran out',
      'none',
      'Number of processes that the kernel killed while the last job ran.',
      line('ghjob_oom_kills'),
    ),
  ],
};

const disks: Section = {
  title: 'Disk and network',
  panels: [
    lines(
      'Fullest disk, at its peak',
      'percentunit',
      'Largest share in use of any disk of the job, as df counts it.',
      line('ghjob_disk_peak_ratio'),
    ),
    lines(
      'Disk traffic',
      'bytes',
      'Bytes that the machine read from its disks and wrote to them while the last job ran.',
      line('ghjob_disk_read_bytes', 'read'),
      line('ghjob_disk_written_bytes', 'written'),
    ),
    lines(
      'Network traffic',
      'bytes',
      'Bytes that left and reached the machine while the last job ran.',
      line('ghjob_network_received_bytes', 'received'),
      line('ghjob_network_sent_bytes', 'sent'),
    ),
  ],
};

const money: Section = {
  title: 'Cost of one job',
  panels: [
    lines(
      'Cost of the last job',
      'none',
      'What it cost where it ran, in the currency that the line names. These are not totals.',
      {
        expression: largest('ghjob_cost', 'currency'),
        legend: '{{currency}}: {{workflow}} / {{job}}, {{runner_class}}',
      },
    ),
    lines(
      'Cost on a hosted runner',
      'currencyUSD',
      'What the last job cost, or would have cost, on a hosted runner.',
      line('ghjob_hosted_cost_dollars'),
    ),
    lines(
      'Saving',
      'currencyUSD',
      'What the last job cost less than on a hosted runner. Below 0 it cost more.',
      line('ghjob_saving_dollars'),
    ),
  ],
};

const byLevel = (metric: string): Query => ({
  expression: largest(metric, 'level'),
  legend: '{{level}}: {{workflow}} / {{job}}, {{runner_class}}',
});

const caches: Section = {
  title: 'Caches',
  panels: [
    lines(
      'Hits and misses',
      'none',
      'Lookups of the last job with restore-local-cache, by the level that had the entry.',
      byLevel('ghjob_cache_hits'),
      line('ghjob_cache_misses', 'miss'),
    ),
    lines(
      'Restored bytes',
      'bytes',
      'What the last job restored, by level, and what of it did not cross the network.',
      byLevel('ghjob_cache_restored_bytes'),
      line('ghjob_cache_network_saved_bytes', 'saved'),
    ),
    lines(
      'Time to restore',
      's',
      'How long the last job took to restore its caches.',
      line('ghjob_cache_restore_seconds'),
    ),
  ],
};

export const sections: readonly Section[] = [time, processors, disks, money, caches];
