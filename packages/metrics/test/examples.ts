import { type CheckedMetrics, checkMetrics, type Family, histogramOf, type JobTrace } from '../src/index.ts';

/** A name as a stranger would choose it. */
export const hostileName = 'a "quoted" \\ name\n# TYPE x counter\r\u0000\u202e{},=é😀';

/** One family of each type, with a stranger's name as a label. */
export const families: Family[] = [
  {
    name: 'ci_job_memory_peak_bytes',
    unit: 'bytes',
    type: 'gauge',
    help: 'The most memory that the job used, "peak" \\ of all.',
    samples: [
      { labels: { step: hostileName, conclusion: 'success' }, value: 1_610_612_736 },
      { labels: { step: 'plain', conclusion: 'failure' }, value: 0.25 },
    ],
  },
  {
    name: 'ci_jobs_total',
    type: 'counter',
    help: 'Jobs that ended.',
    samples: [{ labels: { conclusion: 'success' }, value: 12 }],
  },
  {
    name: 'ci_step_duration_seconds',
    unit: 'seconds',
    type: 'histogram',
    help: 'How long steps took.',
    openTelemetryName: 'ci.step.duration',
    samples: [histogramOf({ conclusion: 'success' }, [0.5, 1, 60], [0.2, 0.7, 1, 30, 90])],
  },
];

export const allowed = { labels: ['step', 'conclusion', 'runner', 'repository', 'workflow', 'job'] };

export function example(labels: Record<string, string> = {}): CheckedMetrics {
  const withLabels = families.map((family) => ({
    ...family,
    samples: family.samples.map((sample) => ({ ...sample, labels: { ...sample.labels, ...labels } })),
  })) as Family[];
  return checkMetrics(withLabels, allowed);
}

export const jobTrace: JobTrace = {
  run: {
    serverUrl: 'https://github.com',
    repository: 'octo/app',
    workflow: 'CI',
    runId: '16000000001',
    attempt: '2',
    ref: 'main',
    sha: '2f1a',
  },
  runner: { id: 7, name: 'lab-1' },
  jobId: '42',
  name: 'build (22)',
  start: 1_764_000_000_000,
  end: 1_764_000_061_250,
  conclusion: 'failure',
  steps: [
    { number: 1, name: 'Check out', start: 1_764_000_001_000, end: 1_764_000_000_000, conclusion: 'success' },
    {
      number: 2,
      name: hostileName,
      start: 1_764_000_001_000,
      end: 1_764_000_060_000,
      conclusion: 'timed_out',
    },
    { number: 3, name: 'Never', start: 1_764_000_060_000, end: 1_764_000_060_000, conclusion: 'skipped' },
  ],
};
