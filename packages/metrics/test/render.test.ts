import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSamples } from '../../history/src/prometheus-text.ts';
import { checkMetrics, renderOpenMetrics, renderPrometheus } from '../src/index.ts';
import { cleanText } from '../src/label-value.ts';
import { example } from './examples.ts';

const value = 'a \\"quoted\\" \\\\ name\\\\n# TYPE x counter\\\\r\\\\u0000\\\\u202e{},=é😀';

describe('renderPrometheus', () => {
  it('writes each type with its help, and escapes a stranger’s name', () => {
    expect(renderPrometheus(example()).split('\n')).toEqual([
      '# HELP ci_job_memory_peak_bytes The most memory that the job used, "peak" \\\\ of all.',
      '# TYPE ci_job_memory_peak_bytes gauge',
      `ci_job_memory_peak_bytes{conclusion="success",step="${value}"} 1610612736`,
      'ci_job_memory_peak_bytes{conclusion="failure",step="plain"} 0.25',
      '# HELP ci_jobs_total Jobs that ended.',
      '# TYPE ci_jobs_total counter',
      'ci_jobs_total{conclusion="success"} 12',
      '# HELP ci_step_duration_seconds How long steps took.',
      '# TYPE ci_step_duration_seconds histogram',
      'ci_step_duration_seconds_bucket{conclusion="success",le="0.5"} 1',
      'ci_step_duration_seconds_bucket{conclusion="success",le="1"} 3',
      'ci_step_duration_seconds_bucket{conclusion="success",le="60"} 4',
      'ci_step_duration_seconds_bucket{conclusion="success",le="+Inf"} 5',
      'ci_step_duration_seconds_sum{conclusion="success"} 121.9',
      'ci_step_duration_seconds_count{conclusion="success"} 5',
      '',
    ]);
  });

  it('writes values and names of any kind so that a reader gets them back', () => {
    const labelled = fc.record({ step: fc.string({ unit: 'binary', maxLength: 300 }), value: fc.double() });
    fc.assert(
      fc.property(fc.array(labelled, { maxLength: 20 }), (given) => {
        const samples = given.map(({ step, value: each }) => ({ labels: { step }, value: each }));
        const metrics = checkMetrics([{ name: 'ci_x', type: 'gauge', help: 'x', samples }], {
          labels: ['step'],
        });
        const expected = new Map<string, number>();
        for (const { step, value: each } of given)
          if (Number.isFinite(each) && !expected.has(cleanText(step))) expected.set(cleanText(step), each);
        const read = readSamples(renderPrometheus(metrics));
        expect(new Map(read.map(({ labels, value: each }) => [labels['step'] ?? '', each + 0]))).toEqual(
          new Map([...expected].map(([step, each]) => [step, each + 0])),
        );
      }),
    );
  });
});

describe('renderOpenMetrics', () => {
  it('writes counters without _total in their type, units, bounds as decimals, and the end', () => {
    const lines = renderOpenMetrics(example()).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '# TYPE ci_job_memory_peak_bytes gauge',
      '# UNIT ci_job_memory_peak_bytes bytes',
      '# HELP ci_job_memory_peak_bytes The most memory that the job used, \\"peak\\" \\\\ of all.',
    ]);
    expect(lines).toContain('# TYPE ci_jobs counter');
    expect(lines).toContain('ci_jobs_total{conclusion="success"} 12');
    expect(lines).toContain('ci_step_duration_seconds_bucket{conclusion="success",le="1.0"} 3');
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
  });

  it('gives each sample the time, in seconds', () => {
    const lines = renderOpenMetrics(example(), 1_764_000_000_250).split('\n');
    expect(lines).toContain('ci_jobs_total{conclusion="success"} 12 1764000000.25');
    expect(lines.filter((line) => line !== '' && !line.startsWith('#') && !line.endsWith('.25'))).toEqual([]);
  });
});
