import { describe, expect, it } from 'vitest';
import {
  checkMetrics,
  metricsRequest,
  metricsResource,
  traceIds,
  tracesRequest,
  tracesResource,
} from '../src/index.ts';
import { retryAfter } from '@runner-actions/core';
import { allowed, example, jobTrace } from './examples.ts';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue: string } }[];
  status: { code?: number };
}
const spansOf = (text: string): Span[] => JSON.parse(text).resourceSpans[0].scopeSpans[0].spans;
const valuesOf = ({ attributes }: Span) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

describe('traceIds', () => {
  // The digests are those of md5sum.
  it('gives every job of a run the same trace, and a job its own span, the same each time', () => {
    const ids = traceIds({ runId: '16000000001', attempt: '2' });
    expect(ids.trace).toBe('5ffd8e66ed7ca771cfccee95eb55524a');
    expect(ids.run).toBe('00000003b9aca001');
    expect(ids.job('build (22)')).toBe('42969015b7c334d7');
    expect(ids.step('build (22)', 1)).toBe('e0f8ff0cdc6d6a59');
    expect(ids.step('build (22)', 2)).not.toBe(ids.step('build (22)', 1));
    expect(traceIds({ runId: '16000000001', attempt: '1' }).trace).not.toBe(ids.trace);
  });
});

describe('tracesRequest', () => {
  it('has a span for the job, below the run, and one below it for each step that ran', () => {
    const [job, ...steps] = spansOf(tracesRequest(jobTrace));
    const ids = traceIds(jobTrace.run);
    expect(job).toMatchObject({ traceId: ids.trace, spanId: ids.job('build (22)'), parentSpanId: ids.run });
    expect(steps.map(({ parentSpanId }) => parentSpanId)).toEqual([job?.spanId, job?.spanId]);
    expect(steps.map(({ name }) => name)[0]).toBe('Check out');
    expect(steps[1]?.name).not.toContain('\n');
    expect(job?.endTimeUnixNano).toBe('1764000061250000000');
  });

  it('says results in OpenTelemetry’s words, and an error only where something failed', () => {
    const [job, success, timeout] = spansOf(tracesRequest(jobTrace));
    expect(job && valuesOf(job)).toEqual({
      'cicd.pipeline.task.name': 'build (22)',
      'cicd.pipeline.task.run.id': '42',
      'cicd.pipeline.task.run.result': 'failure',
      'cicd.pipeline.task.run.url.full': 'https://github.com/octo/app/actions/runs/16000000001/job/42',
      'error.type': 'failure',
    });
    expect(success && valuesOf(success)).not.toHaveProperty(['error.type']);
    expect(success?.status).toEqual({});
    expect(timeout && valuesOf(timeout)['cicd.pipeline.task.run.result']).toBe('timeout');
    expect(timeout?.status).toEqual({ code: 2 });
  });

  it('lets no step end before it begins', () => {
    const [, step] = spansOf(tracesRequest(jobTrace));
    expect(step?.endTimeUnixNano).toBe(step?.startTimeUnixNano);
  });

  it('leaves out a step without times, and keeps the others', () => {
    const steps = [{ ...jobTrace.steps[0]!, end: Number.NaN }, jobTrace.steps[1]!];
    expect(spansOf(tracesRequest({ ...jobTrace, steps }))).toHaveLength(2);
  });

  it('is the same text when a job is exported again', () => {
    expect(tracesRequest(jobTrace)).toBe(tracesRequest(structuredClone(jobTrace)));
  });

  it('without the id of the job, names the run', () => {
    const [job] = spansOf(tracesRequest({ ...jobTrace, jobId: undefined }));
    expect(job && valuesOf(job)['cicd.pipeline.task.run.url.full']).toBe(
      'https://github.com/octo/app/actions/runs/16000000001/attempts/2',
    );
  });
});

describe('metricsRequest', () => {
  const context = {
    resource: metricsResource(jobTrace.run),
    start: 1,
    end: 2,
    attributes: { conclusion: 'cicd.pipeline.result' },
  };
  const [gauge, sum, histogram] = JSON.parse(metricsRequest(example(), context)).resourceMetrics[0]
    .scopeMetrics[0].metrics;

  it('writes 64-bit numbers as texts, units of UCUM, and the conventions’ names', () => {
    expect(gauge).toMatchObject({ name: 'ci_job_memory_peak_bytes', unit: 'By' });
    expect(gauge.gauge.dataPoints[1]).toMatchObject({ timeUnixNano: '2000000', asDouble: 0.25 });
    expect(gauge.gauge.dataPoints[1].attributes).toContainEqual({
      key: 'cicd.pipeline.result',
      value: { stringValue: 'failure' },
    });
    expect(sum.sum).toMatchObject({ aggregationTemporality: 2, isMonotonic: true });
    expect(histogram).toMatchObject({ name: 'ci.step.duration', unit: 's' });
  });

  it('says results in OpenTelemetry’s words', () => {
    const samples = [{ labels: { conclusion: 'cancelled', step: 'cancelled' }, value: 1 }];
    const metrics = checkMetrics([{ name: 'ci_x', type: 'gauge', help: 'x', samples }], allowed);
    expect(metricsRequest(metrics, context)).toContain(
      '{"key":"cicd.pipeline.result","value":{"stringValue":"cancellation"}},{"key":"step","value":{"stringValue":"cancelled"}}',
    );
  });

  it('counts each value of a histogram in one bucket', () => {
    expect(histogram.histogram.dataPoints[0]).toMatchObject({
      count: '5',
      bucketCounts: ['1', '2', '1', '1'],
      explicitBounds: [0.5, 1, 60],
      startTimeUnixNano: '1000000',
    });
  });
});

describe('the resources', () => {
  it('of metrics have no run, commit or runner, which those of traces have', () => {
    const bounded = JSON.stringify(metricsResource(jobTrace.run));
    for (const text of ['16000000001', '2f1a', 'lab-1']) expect(bounded).not.toContain(text);
    expect(tracesResource(jobTrace.run, jobTrace.runner)).toMatchObject({
      'vcs.owner.name': 'octo',
      'vcs.repository.name': 'app',
      'cicd.pipeline.run.id': '16000000001',
      'cicd.worker.id': '7',
      'vcs.ref.head.revision': '2f1a',
    });
  });
});

describe('retryAfter', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Fri, 27 Nov 2026 22:00:30 GMT', 30_000],
    ['Fri, 27 Nov 2026 21:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('%s is %s ms', (text, expected) => {
    expect(retryAfter({ 'retry-after': text }, Date.parse('2026-11-27T22:00:00Z'))).toBe(expected);
  });
});
