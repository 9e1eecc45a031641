import { hourlyRate, shippedPrices } from '@runner-actions/cost';
import { renderPrometheus } from '@runner-actions/metrics';
import { expect, it } from 'vitest';
import { costOfJob } from '../../src/cost/job-cost.ts';
import { type ExportedJob, familiesOf, labelNames } from '../../src/export/families.ts';
import { summarise } from '../../src/figures/figures.ts';
import { busy, sampleAt, seriesOf } from '../make-series.ts';

const measured = summarise(
  seriesOf([
    sampleAt(0, { ...busy(0, 0), network: { receivedBytes: 5, sentBytes: 0 } }),
    sampleAt(2, { ...busy(1, 2), network: { receivedBytes: 9, sentBytes: 1 } }),
  ]),
);
const figures = { ...measured, jobCpuSeconds: 12.5 };
const cost = costOfJob(
  {
    ...{ startedAt: Date.UTC(2026, 10, 20), milliseconds: 61_000, isHosted: false, labels: ['own'] },
    ...{ group: undefined, system: 'Linux', processor: 'X64', visibility: 'private' as const },
  },
  {
    ...{ costPerHour: 0.06, currency: 'USD', pools: undefined, fallback: undefined },
    prices: { ...shippedPrices, checked: '2026-11-01' },
  },
);
const exported = (change: Partial<ExportedJob> = {}): ExportedJob => ({
  ...{ figures, durationSeconds: 61, queueSeconds: 4, cost, comparison: undefined },
  ...{ conclusion: 'success', endedAt: 1_750_000_000, cache: undefined, memoryLimitBytes: 2 ** 30 },
  ...change,
});
const text = (change: Partial<ExportedJob> = {}, labels = {}): string =>
  renderPrometheus(familiesOf(exported(change), labels));

it('exports what is known, in base units, as gauges of the last job', () => {
  const lines = text().split('\n');
  expect(lines).toContain('# TYPE ghjob_duration_seconds gauge');
  for (const line of [
    'ghjob_duration_seconds 61',
    'ghjob_queue_duration_seconds 4',
    'ghjob_cpu_seconds 12.5',
    'ghjob_machine_cpu_mean_ratio 0.5',
    'ghjob_network_received_bytes 4',
    'ghjob_last_conclusion{conclusion="success"} 1',
    'ghjob_cost{currency="USD"} 0.001017',
    'ghjob_hosted_cost_dollars 0.012',
    'ghjob_saving_dollars 0.010983',
  ])
    expect(lines).toContain(line);
  expect(text()).not.toMatch(/memory_peak_bytes|disk_peak|slower|cache/);
  expect(hourlyRate({ costPerHour: 0.06 }).total).toBe(60_000);
});

it('leaves out what is unknown, and never writes 0 for it', () => {
  const none = text({
    ...{ queueSeconds: undefined, figures: measured, conclusion: undefined, cost: undefined },
  });
  expect(none).not.toMatch(/queue|ghjob_cpu_seconds|conclusion|cost|saving/);
});

it('exports how the job compares with its history', () => {
  const baseline = { samples: 20, median: 40_000, deviation: 1_000 };
  const judged = {
    regression: 'slower' as const,
    duration: 61_000,
    baseline,
    ratio: 1.5,
    added: 21_000,
    deviations: 21,
  };
  const rollback = { rollback: false, isLatched: true, slowRuns: 3 };
  const success = { verdict: 'low' as const, good: 7, bad: 3, leftOut: 0, share: 0.7 };
  const quality = { copies: 0, negativeWaits: 0, unknownWaits: 0, unknownDurations: 0 };
  const lines = text({ comparison: { duration: judged, rollback, success, quality } }).split('\n');
  for (const line of [
    'ghjob_baseline_duration_seconds 40',
    'ghjob_slower 1',
    'ghjob_rollback 1',
    'ghjob_success_ratio 0.7',
  ])
    expect(lines).toContain(line);
});

it('exports what the caches did by level', () => {
  const cache = {
    ...{ lookups: 3, hits: { local: 2, shared: 0, github: 0 }, misses: 1, networkSavedBytes: 10, seconds: 1 },
    restoredBytes: { local: 10, shared: 0, github: 0 },
  };
  const lines = text({ cache }).split('\n');
  expect(lines).toContain('ghjob_cache_hits{level="local"} 2');
  expect(lines).toContain('ghjob_cache_misses 1');
  expect(lines).toContain('ghjob_cache_network_saved_bytes 10');
});

it('situation 19: 10,000 jobs on 500 ephemeral names add no series after the first of each kind', () => {
  const series = new Set<string>();
  const after: number[] = [];
  for (let run = 0; run < 10_000; run += 1) {
    const conclusion = run % 2 === 0 ? 'success' : 'failure';
    const labels = { job: `job ${run % 5}`, repository: 'octo/app', workflow: 'CI', runner_class: 'arc' };
    const { families } = familiesOf(exported({ conclusion, durationSeconds: run, endedAt: run }), labels);
    for (const { name, samples } of families)
      for (const sample of samples) series.add(JSON.stringify([name, sample.labels]));
    if (run === 9 || run === 9_999) after.push(series.size);
  }
  expect(after[1]).toBe(after[0]);
  expect(labelNames).not.toContain('run_id');
});

it('situation 19: escapes names of strangers, and refuses other labels', () => {
  expect(text({}, { job: 'a"\\\nb' })).toContain('job="a\\"\\\\');
  expect(() => text({}, { run_id: '1' })).toThrow(/run_id/);
});
