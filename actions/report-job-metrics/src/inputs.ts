import type { Config } from '@runner-actions/config';
import { type Inputs, UserError } from '@runner-actions/core';

const moments = ['post', 'now'] as const;
type Metrics = NonNullable<Config['metrics']>;
const chartModes = ['auto', 'mermaid', 'text', 'none'] as const satisfies Metrics['charts'][];

/** Beyond these bounds samples cost more than they tell, or a job has too few. Milliseconds. */
const shortest = 500;
const longest = 10 * 60_000;
/** Each chart is a frame of its own on the run's page; with very many the page cannot be used. */
const jobsWithCharts = 20;

/** What the user asked for; `undefined` leaves it to the configuration, else to the default. */
interface MetricsInputs {
  when: (typeof moments)[number];
  /** Milliseconds. */
  interval: number | undefined;
  charts: (typeof chartModes)[number] | undefined;
  matrixJobs: number;
  strict: boolean;
}

/** What is to be done. */
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
    strict: readStrict(inputs),
  });
}

/** Read apart, since the safe answer wants it where other inputs may be what is wrong. */
export function readStrict(inputs: Inputs): boolean {
  return inputs.boolean('strict') ?? false;
}

/** Read in post as well, since what is saved for it holds no secret. */
export function readToken(inputs: Inputs): string | undefined {
  return inputs.secret('token');
}

function readInterval(inputs: Inputs): number | undefined {
  const interval = inputs.duration('interval');
  if (interval === undefined || (interval >= shortest && interval <= longest)) return interval;
  throw new UserError(`Input 'interval' is '${inputs.text('interval') ?? ''}': expected 500ms to 10m.`);
}

/** The inputs, else what the team's configuration says. */
export function settle(
  { when, interval, charts, matrixJobs, strict }: MetricsInputs,
  team: Metrics = {},
): Settings {
  const asked = charts ?? team.charts ?? 'auto';
  const fitting = matrixJobs > jobsWithCharts ? 'text' : 'mermaid';
  return {
    ...{ when, strict },
    interval: interval ?? team.interval ?? 2_000,
    charts: asked === 'auto' ? fitting : asked,
  };
}
