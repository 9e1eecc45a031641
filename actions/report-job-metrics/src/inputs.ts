import type { Config } from '@runner-actions/config';
import { type Inputs, quote, UserError } from '@runner-actions/core';
import type { Endpoint } from '@runner-actions/metrics';

const moments = ['post', 'now'] as const;
type Metrics = NonNullable<Config['metrics']>;
const chartModes = ['auto', 'mermaid', 'text', 'none'] as const satisfies Metrics['charts'][];

/** Bounds in milliseconds. Shorter intervals cost more than they show; with longer ones a job has too few samples. */
const minInterval = 500;
const maxInterval = 10 * 60_000;
/** Each chart is a frame of its own on the run's page. With too many frames the page becomes unusable. */
const maxJobsWithCharts = 20;
/** As in the configuration's pools. */
const mostPerHour = 100_000;

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
  /** In units of the currency. */
  costPerHour: number | undefined;
  currency: string | undefined;
  /** Path of a file with prices, below the workspace. */
  prices: string | undefined;
  baseline: boolean;
  textfileDirectory: string | undefined;
  otlpTraces: boolean;
}

/** The resolved settings, as the post phase keeps them. They hold no secrets. */
export interface Settings extends Pick<
  MetricsInputs,
  | 'when'
  | 'strict'
  | 'matrixJobs'
  | 'costPerHour'
  | 'prices'
  | 'baseline'
  | 'textfileDirectory'
  | 'otlpTraces'
> {
  /** Milliseconds. */
  interval: number;
  charts: Exclude<(typeof chartModes)[number], 'auto'>;
  currency: string;
  /** Of the configuration. The input of the same name, which may hold a password, is read when it is used. */
  pushgateway: string | undefined;
  pools: Config['pools'];
  fallback: Config['fallback'];
}

/** Where figures are sent. Read again in the post phase, since addresses and headers may hold passwords. */
export interface Destinations {
  pushgateway: Endpoint | undefined;
  otlp: { endpoint: Endpoint; headers: Readonly<Record<string, string>> } | undefined;
}

export function readInputs(inputs: Inputs): Readonly<MetricsInputs> {
  return Object.freeze({
    when: inputs.choice('when', moments) ?? 'post',
    interval: readInterval(inputs),
    charts: inputs.choice('charts', chartModes),
    matrixJobs: inputs.integer('matrix-jobs', { min: 0 }) ?? 1,
    jobId: readJobId(inputs),
    strict: readStrict(inputs),
    costPerHour: readCost(inputs),
    currency: readCurrency(inputs),
    prices: inputs.text('prices'),
    baseline: (inputs.choice('baseline', ['on', 'off']) ?? 'on') === 'on',
    textfileDirectory: inputs.text('textfile-directory'),
    otlpTraces: inputs.boolean('otlp-traces') ?? false,
  });
}

/**
 * Reads where figures are sent. Masks what may be a password.
 * @param team the Pushgateway of the configuration; the input overrides it
 */
export async function readDestinations(inputs: Inputs, team: string | undefined): Promise<Destinations> {
  const [gateway = team, otlp] = [inputs.text('pushgateway'), inputs.text('otlp-endpoint')];
  const headers = inputs.text('otlp-headers');
  if (gateway === undefined && otlp === undefined) return { pushgateway: undefined, otlp: undefined };
  const { parseEndpoint, parseHeaders } = await import('@runner-actions/metrics');
  return {
    pushgateway: gateway === undefined ? undefined : parseEndpoint('pushgateway', gateway),
    otlp:
      otlp === undefined
        ? undefined
        : {
            endpoint: parseEndpoint('otlp-endpoint', otlp),
            headers: headers === undefined ? {} : parseHeaders('otlp-headers', headers),
          },
  };
}

/** Returns how the job went so far, in GitHub's words. The post phase reads it again. */
export function readJobStatus(inputs: Inputs): string | undefined {
  return inputs.text('job-status');
}

function readCost(inputs: Inputs): number | undefined {
  const text = inputs.text('cost-per-hour');
  if (text === undefined) return undefined;
  const cost = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (cost <= mostPerHour) return cost;
  throw new UserError(
    `Input 'cost-per-hour' is ${quote(text)}: expected a number from 0 to ${mostPerHour}, such as 0.05.`,
  );
}

function readCurrency(inputs: Inputs): string | undefined {
  const text = inputs.text('currency');
  if (text === undefined || /^[A-Z]{3}$/.test(text)) return text;
  throw new UserError(`Input 'currency' is ${quote(text)}: expected three capital letters, such as EUR.`);
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
  given: MetricsInputs,
  { metrics: team = {}, pools, fallback }: Pick<Config, 'metrics' | 'pools' | 'fallback'>,
): Settings {
  const { when, strict, matrixJobs, costPerHour, prices, baseline, textfileDirectory, otlpTraces } = given;
  const requested = given.charts ?? team.charts ?? 'auto';
  const automatic = matrixJobs > maxJobsWithCharts ? 'text' : 'mermaid';
  return {
    ...{ when, strict, matrixJobs, costPerHour, prices, baseline, textfileDirectory, otlpTraces },
    interval: given.interval ?? team.interval ?? 2_000,
    charts: requested === 'auto' ? automatic : requested,
    currency: given.currency ?? team.currency ?? 'USD',
    pushgateway: team.pushgateway,
    ...{ pools, fallback },
  };
}
