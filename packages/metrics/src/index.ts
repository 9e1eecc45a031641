/**
 * Metrics as data, and where they go: Prometheus' text, OpenMetrics, node_exporter, Pushgateway, OTLP. A caller maps its
 * figures to families, checks them once, and sends them to each destination that the user has set. For example:
 *
 * ```ts
 * const families: Family[] = [{
 *   name: 'ci_job_duration_seconds', unit: 'seconds', type: 'gauge', help: 'How long the last job ran.',
 *   samples: [{ labels: { conclusion: 'success', runner_class: 'linux-x64' }, value: 61.2 }],
 * }];
 * const metrics = checkMetrics(families, { labels: ['conclusion', 'runner_class'] });
 * const group = { job: 'build', repository: 'octo/app', workflow: 'CI' };
 * const { warnings } = await push(parseEndpoint('pushgateway', input), { group, metrics }, deadline);
 * ```
 *
 * `parse…` throw `UserError`, `checkMetrics` and `writeTextfile` throw errors, and senders return warnings. Callers show
 * what goes wrong after the inputs are read as warnings.
 */
export { type Bounds, type CheckedMetrics, checkMetrics, RefusedMetrics, seriesOf } from './check.ts';
export { type Endpoint, parseEndpoint, parseHeaders } from './endpoint.ts';
export {
  type Bucket,
  type Family,
  histogramOf,
  type HistogramSample,
  type Labels,
  type Sample,
} from './family.ts';
export { sendOtlp } from './otlp.ts';
export { type MetricsContext, metricsRequest } from './otlp-metrics.ts';
export { type JobTrace, tracesRequest } from './otlp-traces.ts';
export type { AttributeValues } from './otlp-values.ts';
export { metricsResource, type PipelineRun, traceIds, tracesResource } from './pipeline.ts';
export { groupPath, type Push, push } from './pushgateway.ts';
export { renderOpenMetrics, renderPrometheus } from './render.ts';
export type { Exported } from './exported.ts';
export { textfileName, writeTextfile } from './textfile.ts';
