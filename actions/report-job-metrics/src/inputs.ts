import type { Config } from '@runner-actions/config';
import { type Inputs, UserError } from '@runner-actions/core';

export const moments = ['post', 'now'] as const;
export const chartModes = ['auto', 'mermaid', 'text', 'none'] as const;

/** Beyond these bounds samples cost more than they tell, or a job has too few. Milliseconds. */
const shortest = 500;
const longest = 10 * 60_000;
/** Each chart is a frame of its own on the run's page; with very many the page cannot be used. */
const jobsWithCharts = 20;

/** What the user asked for. */
export interface MetricsInputs {
  when: (typeof moments)[number];
  /** Milliseconds. */
  interval: number;
  charts: Exclude<(typeof chartModes)[number], 'auto'>;
  strict: boolean;
}

/** @param team what the configuration says */
export function readInputs(inputs: Inputs, team: Config['metrics'] = {}): Readonly<MetricsInputs> {
  return Object.freeze({
    when: inputs.choice('when', moments) ?? 'post',
    interval: readInterval(inputs, team.interval),
    charts: readCharts(inputs, team.charts),
    strict: readStrict(inputs),
  });
}

/** Read apart, since the safe answer wants it where other inputs may be what is wrong. */
export function readStrict(inputs: Inputs): boolean {
  return inputs.boolean('strict') ?? false;
}

function readInterval(inputs: Inputs, team = 2_000): number {
  const interval = inputs.duration('interval') ?? team;
  if (interval >= shortest && interval <= longest) return interval;
  throw new UserError(`Input 'interval' is '${inputs.text('interval') ?? ''}': expected 500ms to 10m.`);
}

function readCharts(inputs: Inputs, team: (typeof chartModes)[number] = 'auto'): MetricsInputs['charts'] {
  const asked = inputs.choice('charts', chartModes) ?? team;
  if (asked !== 'auto') return asked;
  return (inputs.integer('matrix-jobs', { min: 0 }) ?? 1) > jobsWithCharts ? 'text' : 'mermaid';
}
