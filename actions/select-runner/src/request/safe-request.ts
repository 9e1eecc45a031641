import type { Config } from '@runner-actions/config';
import { type Inputs, isGitHubCloud, type Job, parseJson } from '@runner-actions/core';
import { readFallback, readOnError, type SelectInputs } from '../inputs.ts';
import { readJobs } from './jobs.ts';
import { poolFromLabels } from './pool.ts';
import type { RunsOn } from './runs-on.ts';
import type { SelectionRequest } from './selection-request.ts';

/** What was read before the action failed. */
export interface ReadSoFar {
  inputs?: Readonly<SelectInputs>;
  config?: Config;
}

/**
 * Returns a request for the safe answer when the action failed before it had one. It does nothing again that may have
 * failed, except for reading an input, whose failure counts as an input that is not given.
 */
export function safeRequest(raw: Inputs, read: ReadSoFar, job: Job): SelectionRequest {
  const { inputs, config } = read;
  const specs = inputs?.jobs ?? attempt(() => jobsOf(raw));
  const given = inputs?.fallback ?? attempt(() => readFallback(raw.text('fallback'), undefined));
  const fallback = given ?? (config?.fallback as RunsOn | undefined) ?? defaultFallback(job);
  const labels = inputs?.labels ?? [];
  const force = inputs?.force ?? raw.text('force');
  return {
    pools: labels.length === 0 ? [] : [poolFromLabels(labels, {})],
    jobs: (specs ?? readJobs('jobs', '1', undefined)).map((spec) => ({
      ...spec,
      pools: [],
      rollout: { name: '', share: 1, point: 0 },
    })),
    // Without the jobs there is no valid matrix.
    fallback: specs === undefined ? 'fail' : fallback,
    placement: 'spread',
    maxParallel: Number.POSITIVE_INFINITY,
    force: force === undefined ? undefined : 'hosted',
    trust: inputs?.trust ?? [],
    breaker: undefined,
    onError: inputs?.onError ?? attempt(() => readOnError(raw)) ?? 'fallback',
    dryRun: false,
    currency: 'USD',
    unknown: config === undefined ? 'the configuration was not read' : undefined,
  };
}

/** Without a configuration and without hosted runners, no runner is left for the job. */
export function defaultFallback(job: Job): 'ubuntu-latest' | 'fail' {
  return isGitHubCloud(job) ? 'ubuntu-latest' : 'fail';
}

/** Reads the jobs without the YAML parser, which may be what failed. */
function jobsOf(raw: Inputs): SelectInputs['jobs'] {
  const text = raw.text('jobs') ?? '1';
  return readJobs('jobs', text, /^\d+$/.test(text) ? undefined : parseJson(text));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
