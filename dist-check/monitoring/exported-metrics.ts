// Lists the metrics that a job exports, for the dashboard, the page about monitoring, and the tests of the rules.
import { shippedPrices } from '@runner-actions/cost';
import { compareJob } from '@runner-actions/history';
import { cacheUseOf } from '../../actions/report-job-metrics/src/cache/cache-use.ts';
import { costOfJob } from '../../actions/report-job-metrics/src/cost/job-cost.ts';
import { type ExportedJob, rowsOf } from '../../actions/report-job-metrics/src/export/families.ts';
import { summarise } from '../../actions/report-job-metrics/src/figures/figures.ts';

/** A metric that `report-job-metrics` exports. */
export interface ExportedMetric {
  /** With its prefix: `ghjob_duration_seconds`. */
  name: string;
  help: string;
  /** A base unit in the plural; `undefined` for a number without one. */
  unit: string | undefined;
  /** Labels that only this metric has, in addition to those of all. */
  labels: readonly string[];
}

/** Labels of all metrics. A textfile adds `runner`. */
export const commonLabels = ['repository', 'workflow', 'job', 'runner_class'];

/** Returns all metrics, in the order in which a job exports them. */
export function exportedMetrics(): ExportedMetric[] {
  const metrics = rowsOf(anyJob()).map(({ name, help, unit, labels = {} }) => ({
    ...{ name: `ghjob_${name}`, help, unit },
    labels: Object.keys(labels),
  }));
  // A metric has a row for each value of its label.
  return [...new Map(metrics.map((metric) => [metric.name, metric])).values()];
}

/** A job that has been priced and compared. Its figures are unknown: only names count here. */
function anyJob(): ExportedJob {
  const head = { version: 1, interval: 2_000 } as const;
  const limits = { cores: { value: 1, source: 'machine' }, memory: { value: 1, source: 'machine' } };
  const own = { runId: 1, runnerClass: 'linux', duration: 1_000, isOnDefaultBranch: true };
  return {
    figures: summarise({ head: { ...head, ...limits, notes: [] }, samples: [], skipped: 0 }),
    ...{ durationSeconds: 1, queueSeconds: 1, memoryLimitBytes: 1, endedAt: 1 },
    ...{ conclusion: 'success', comparison: compareJob(own, [], 0), cost: anyCost() },
    cache: cacheUseOf([{ source: 'local', bytes: 1, milliseconds: 1 }]),
  };
}

function anyCost() {
  const job = {
    startedAt: 0,
    milliseconds: 1_000,
    isHosted: false,
    labels: ['self-hosted'],
    group: undefined,
  };
  const machine = { system: 'Linux', processor: 'X64', visibility: 'private' } as const;
  return costOfJob(
    { ...job, ...machine },
    {
      ...{ costPerHour: 1, currency: 'USD', prices: shippedPrices },
      ...{ pools: undefined, fallback: undefined },
    },
  );
}
