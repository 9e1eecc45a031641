import { type AttributeValues, attributesOf, nanoseconds, schemaUrl, scope } from './otlp-values.ts';
import { cleanText } from './label-value.ts';
import { type PipelineRun, resultOf, runUrl, traceIds, tracesResource } from './pipeline.ts';

/** A stretch of time with an end that GitHub calls a conclusion. Times are milliseconds since the epoch. */
interface Ended {
  name: string;
  start: number;
  end: number;
  /** GitHub's word: `success`, `failure`, `cancelled`, `skipped`, `timed_out` and others. */
  conclusion: string;
}

/** A job with its steps, for a trace. */
export interface JobTrace extends Ended {
  run: PipelineRun;
  runner: { id?: number; name: string };
  /** The id of the job in GitHub's API (`job.check_run_id`), if it is known. */
  jobId: string | undefined;
  /** `number` counts from 1 in the job. */
  steps: readonly (Ended & { number: number })[];
}

/** In OTLP's JSON, enums are numbers. */
const internal = 1;
const failed = 2;
/** GitHub allows a job as many steps. */
const maxSteps = 1_000;

/**
 * Returns an `ExportTraceServiceRequest` as JSON: a span for the job, and below it one for each step that ran. The span
 * of the run, above the job, is for the program that sees the whole run.
 * Source: OTLP 1.x, "JSON Protobuf Encoding", and OpenTelemetry's semantic conventions 1.44, "CICD spans".
 * @throws Error if the id of the run or a time of the job is not a number, or if this machine forbids MD5 (FIPS)
 */
export function tracesRequest(job: JobTrace): string {
  const ids = traceIds(job.run);
  const jobSpan = ids.job(job.name);
  const base = job.jobId === undefined ? runUrl(job.run) : `${urlOfRun(job.run)}/job/${job.jobId}`;
  const steps = job.steps.filter(hasRun).slice(0, maxSteps);
  const spans = [
    spanOf(job, [ids.trace, jobSpan, ids.run], {
      id: job.jobId ?? `${job.run.runId}-${job.name}`,
      url: base,
    }),
    ...steps.map((step) =>
      spanOf(step, [ids.trace, ids.step(job.name, step.number), jobSpan], {
        id: `${job.jobId ?? `${job.run.runId}-${job.name}`}-${step.number}`,
        url: `${base}#step:${step.number}:1`,
      }),
    ),
  ];
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(tracesResource(job.run, job.runner)) },
        scopeSpans: [{ scope, spans, schemaUrl }],
        schemaUrl,
      },
    ],
  });
}

/** Steps that did not run, or whose times GitHub does not know, are no spans. */
function hasRun({ start, end, conclusion }: Ended): boolean {
  return conclusion !== 'skipped' && Number.isFinite(start) && Number.isFinite(end);
}

function urlOfRun({ serverUrl, repository, runId }: PipelineRun): string {
  return `${serverUrl}/${repository}/actions/runs/${runId}`;
}

function spanOf(
  { name, start, end, conclusion }: Ended,
  [traceId, spanId, parentSpanId]: readonly [string, string, string],
  task: { id: string; url: string },
): object {
  const result = resultOf(conclusion);
  const isFailed = ['failure', 'error', 'timeout'].includes(result);
  const attributes: AttributeValues = {
    'cicd.pipeline.task.name': name,
    'cicd.pipeline.task.run.id': task.id,
    'cicd.pipeline.task.run.result': result,
    'cicd.pipeline.task.run.url.full': task.url,
    'error.type': isFailed ? conclusion : undefined,
  };
  return {
    traceId,
    spanId,
    parentSpanId,
    name: cleanText(name) || 'unnamed',
    kind: internal,
    startTimeUnixNano: nanoseconds(start),
    // GitHub counts whole seconds, and some steps end before they begin.
    endTimeUnixNano: nanoseconds(Math.max(start, end)),
    attributes: attributesOf(attributes),
    status: isFailed ? { code: failed } : {},
  };
}
