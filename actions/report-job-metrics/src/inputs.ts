import type { Config } from '@runner-actions/config';
import { type Inputs, UserError } from '@runner-actions/core';

const moments = ['post', 'now'] as const;
type Metrics = NonNullable<Config['metrics']>;
const chartModes = ['auto', 'mermaid', 'text', 'none'] as const satisfies Metrics['charts'][];

/** Bounds in milliseconds. Shorter intervals cost more than they show; with longer ones a job has too few samples. */
const minInterval = 500;
const maxInterval = 10 * 60_000;
/** Each chart is a frame of its own on the run's page. With too many frames the page becomes unusable. */
const maxJobsWithCharts = 20;

/** The parsed inputs. `undefined`: the configuration or the default decides. */
interface MetricsInputs {
  when: (typeof moments)[number];
  /** Milliseconds. */
  interval: number | undefined;
  charts: (typeof chartModes)[number] | undefined;
  matrixJobs: number;
  /** `job.check_run_id`. `undefined` on servers that do not have it. */
  jobId: number | undefined;
  strict: boolean;
}

/** The resolved settings. */
export interface Settings extends Pick<MetricsInputs, 'when' | 'strict'> {
  /** Milliseconds. */
  interval: number;
  charts: Exclude<(typeof chartModes)[number], 'auto'>;
}

export function readInputs(inputs: Inputs): Readonly<MetricsInputs> {
  return Object.freeze({
    when: inputs.choice('when', moments) ?? 'post',
    interval: readInterval(inputs),
    charts: inputs.choice('charts', chartModes),
    matrixJobs: inputs.integer('matrix-jobs', { min: 0 }) ?? 1,
    jobId: readJobId(inputs),
    strict: readStrict(inputs),
  });
}

/** Reads `strict` on its own: the safe answer needs it even if another input is invalid. */
export function readStrict(inputs: Inputs): boolean {
  return inputs.boolean('strict') ?? false;
}

/** Reads the token. The post phase reads it again, because its saved state holds no secrets. */
export function readToken(inputs: Inputs): string | undefined {
  return inputs.secret('token');
}

/** Reads the id of this job. The post phase reads it again, like the token that it is used with. */
export function readJobId(inputs: Inputs): number | undefined {
  return inputs.integer('job-id', { min: 1 });
}

function readInterval(inputs: Inputs): number | undefined {
  const interval = inputs.duration('interval');
  if (interval === undefined || (interval >= minInterval && interval <= maxInterval)) return interval;
  throw new UserError(`Input 'interval' is '${inputs.text('interval') ?? ''}': expected 500ms to 10m.`);
}

/** Merges the inputs with the team's configuration. Inputs override it. */
export function resolveSettings(
  { when, interval, charts, matrixJobs, strict }: MetricsInputs,
  team: Metrics = {},
): Settings {
  const requested = charts ?? team.charts ?? 'auto';
  const automatic = matrixJobs > maxJobsWithCharts ? 'text' : 'mermaid';
  return {
    ...{ when, strict },
    interval: interval ?? team.interval ?? 2_000,
    charts: requested === 'auto' ? automatic : requested,
  };
}
