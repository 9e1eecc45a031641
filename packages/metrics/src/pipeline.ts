import { createHash } from 'node:crypto';
import type { AttributeValues } from './otlp-values.ts';

/** A run of a workflow. */
export interface PipelineRun {
  /** `https://github.com`, or the address of a GitHub Enterprise Server. */
  serverUrl: string;
  /** `owner/name`. */
  repository: string;
  workflow: string;
  runId: string;
  attempt: string;
  /** A branch or a tag, and its commit. */
  ref: string | undefined;
  sha: string | undefined;
}

/**
 * Returns the attributes of the resource of metrics: the repository and the workflow. The conventions leave the run out
 * unless a user asks for it, because each run would be new series.
 * Source: OpenTelemetry's semantic conventions 1.44, resources of CI/CD and of version control.
 */
export function metricsResource(
  run: Omit<PipelineRun, 'runId' | 'attempt' | 'ref' | 'sha'>,
): AttributeValues {
  const [owner, name] = run.repository.split('/', 2);
  return {
    'service.name': 'runner-actions',
    'cicd.pipeline.name': run.workflow,
    'vcs.provider.name': 'github',
    'vcs.owner.name': owner,
    'vcs.repository.name': name,
    'vcs.repository.url.full': `${run.serverUrl}/${run.repository}`,
  };
}

/** Returns the attributes of the resource of traces, with the run, the commit, and the runner. */
export function tracesResource(run: PipelineRun, runner: { id?: number; name: string }): AttributeValues {
  return {
    ...metricsResource(run),
    'cicd.pipeline.run.id': run.runId,
    'cicd.pipeline.run.url.full': runUrl(run),
    'cicd.worker.id': runner.id === undefined ? undefined : String(runner.id),
    'cicd.worker.name': runner.name,
    'vcs.ref.head.name': run.ref,
    'vcs.ref.head.revision': run.sha,
  };
}

export function runUrl({ serverUrl, repository, runId, attempt }: PipelineRun): string {
  return `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${attempt}`;
}

/**
 * Returns the ids of a trace: each job of a run finds the same ones, so that all join one trace, and a second export of a
 * job is the same spans. The forms of the trace and of jobs are those that GitHub's runner is to have (actions/runner
 * #4366, an open proposal): MD5, and the id of the run as a number for the span of the run.
 */
export function traceIds({ runId, attempt }: Pick<PipelineRun, 'runId' | 'attempt'>) {
  const run = `${runId}-${attempt}`;
  const span = (text: string): string => md5(text).slice(0, 16);
  return {
    trace: md5(run),
    run: BigInt.asUintN(64, BigInt(runId)).toString(16).padStart(16, '0'),
    job: (name: string) => span(`job-${run}-${name}`),
    /** @param number of the step in its job */
    step: (job: string, number: number) => span(`step-${run}-${job}-${number}`),
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

const results: Readonly<Record<string, string>> = {
  cancelled: 'cancellation',
  skipped: 'skip',
  timed_out: 'timeout',
  startup_failure: 'error',
};

/** Returns OpenTelemetry's word for a conclusion. Conclusions that it has no word for stay as they are. */
export function resultOf(conclusion: string): string {
  return Object.hasOwn(results, conclusion) ? (results[conclusion] ?? conclusion) : conclusion;
}
