import { type Deadline, messageOf, type Step } from '@runner-actions/core';
import {
  type Exported,
  metricsRequest,
  metricsResource,
  type PipelineRun,
  push,
  sendOtlp,
  tracesRequest,
  writeTextfile,
} from '@runner-actions/metrics';
import type { Destinations, Settings } from '../inputs.ts';
import type { JobStep } from '../figures/steps.ts';
import { type ExportedJob, familiesOf } from './families.ts';

/** Milliseconds for each server. */
const limit = 5_000;

/** What is sent, and what it is called. */
export interface ExportRequest {
  job: ExportedJob;
  /** The name as GitHub shows it; that of the workflow's file if GitHub could not be asked. */
  name: string;
  jobId: number | undefined;
  runnerClass: string;
  /** Milliseconds since 1970. */
  start: number;
  end: number;
  steps: readonly JobStep[];
  /** When the times of the steps count from, in milliseconds since 1970. */
  stepsFrom: number;
}

/** Sends the figures to each destination. What fails is a warning. */
export async function exportFigures(
  step: Step,
  { pushgateway, otlp }: Destinations,
  settings: Pick<Settings, 'textfileDirectory' | 'otlpTraces'>,
  request: ExportRequest,
): Promise<void> {
  const { textfileDirectory: folder, otlpTraces } = settings;
  const sends: [string, (deadline: Deadline) => Promise<Exported>][] = [];
  if (pushgateway !== undefined)
    sends.push(['Pushgateway', (deadline) => push(pushgateway, pushOf(step, request), deadline)]);
  if (folder !== undefined) sends.push(['textfile', (deadline) => write(step, folder, request, deadline)]);
  if (otlp !== undefined) {
    const { endpoint, headers } = otlp;
    const send = (signal: 'metrics' | 'traces', body: string, deadline: Deadline) =>
      sendOtlp(endpoint, { signal, headers, body }, deadline);
    sends.push(['OTLP', (deadline) => send('metrics', otlpMetrics(step, request), deadline)]);
    if (otlpTraces)
      sends.push(['OTLP traces', (deadline) => send('traces', otlpTrace(step, request), deadline)]);
  }
  await Promise.all(
    sends.map(async ([name, send]) => {
      const warn = (message: string) => step.annotate('warning', `${name}: ${message}`);
      try {
        const { sent, warnings } = await send(step.deadline.limit(limit));
        for (const warning of warnings) step.annotate('warning', warning);
        if (sent) step.log.info(`The metrics were sent: ${name}.`);
      } catch (error) {
        warn(messageOf(error));
      }
    }),
  );
}

function pushOf({ job }: Step, request: ExportRequest) {
  const { fullName } = job.repository;
  // A Pushgateway keeps each group for ever, so neither the run nor the runner names one.
  const group = {
    ...{ job: request.name, repository: fullName, workflow: job.workflow },
    runner_class: request.runnerClass,
  };
  return { group, metrics: familiesOf(request.job) };
}

async function write(
  { job }: Step,
  folder: string,
  request: ExportRequest,
  deadline: Deadline,
): Promise<Exported> {
  const metrics = familiesOf(request.job, { ...labelsOf(job, request), runner: job.runner.name });
  try {
    await writeTextfile({ folder, name: job.runner.name, metrics }, deadline);
    return { sent: true, warnings: [] };
  } catch (error) {
    // The message already names the destination.
    return { sent: false, warnings: [`${messageOf(error)}.`] };
  }
}

function labelsOf(job: Step['job'], { name, runnerClass }: ExportRequest): Record<string, string> {
  return {
    ...{ repository: job.repository.fullName, workflow: job.workflow },
    ...{ job: name, runner_class: runnerClass },
  };
}

function otlpMetrics({ job }: Step, request: ExportRequest): string {
  return metricsRequest(familiesOf(request.job, labelsOf(job, request)), {
    resource: metricsResource(runOf(job)),
    ...{ start: request.start, end: request.end },
    attributes: { conclusion: 'cicd.pipeline.task.run.result', job: 'cicd.pipeline.task.name' },
  });
}

function otlpTrace({ job }: Step, request: ExportRequest): string {
  const { name, start, end, jobId, steps, stepsFrom } = request;
  return tracesRequest({
    ...{ name, start, end, conclusion: request.job.conclusion ?? 'success', run: runOf(job) },
    runner: { name: job.runner.name },
    jobId: jobId === undefined ? undefined : String(jobId),
    steps: steps.flatMap(({ name: title, conclusion, span }, index) =>
      span === undefined || conclusion === undefined
        ? []
        : [
            {
              ...{ number: index + 1, name: title, conclusion },
              ...{ start: stepsFrom + span.from * 1000, end: stepsFrom + span.to * 1000 },
            },
          ],
    ),
  });
}

function runOf(job: Step['job']): PipelineRun {
  return {
    ...{ serverUrl: job.serverUrl, repository: job.repository.fullName, workflow: job.workflow },
    ...{ runId: job.runId, attempt: String(job.runAttempt) },
    ...{ ref: job.environment['GITHUB_REF_NAME'], sha: job.sha || undefined },
  };
}
