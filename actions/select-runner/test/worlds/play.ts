import {
  type Api,
  createStep,
  heartbeatMaxAge,
  heartbeatWorkflow,
  metricsOf,
  metricsUrl,
  openApi,
  tokens,
  type World,
} from '@runner-actions/testing/dispatch';
import { phase } from '../../src/main.ts';

/** What answers the requests of the play in progress. */
export const stage: { api: Api | undefined; metrics: string | undefined } = {
  api: undefined,
  metrics: undefined,
};

/** Answers as the listener of the scale set. */
export async function fetchMetrics(): Promise<Response> {
  if (stage.metrics === undefined) throw new TypeError('fetch failed');
  return new Response(stage.metrics, { headers: { 'content-type': 'text/plain' } });
}

/** What select-runner answered. */
export interface Answer {
  /** Whether the job goes to the self-hosted pool. */
  isChosen: boolean;
  reason: string;
  confidence: string;
  source: string;
  wasDistorted: boolean;
}

/** Lets select-runner decide in a world, with or without a token that lists runners. */
export async function select(world: World, hasRunnerToken: boolean): Promise<Answer> {
  const { pool, wanted } = world;
  const isConfigured = pool.described === 'config';
  const files: Record<string, string> = isConfigured ? { '.github/runner-config.yml': configOf(world) } : {};
  const api = openApi(world, files);
  Object.assign(stage, { api, metrics: metricsOf(world) });
  const { step, outputs } = createStep(world, {
    token: tokens.github,
    'runner-token': hasRunnerToken ? tokens.runner : '',
    labels: isConfigured ? '' : wanted.labels.join(','),
    'job-workflow': world.files.job,
    'when-busy': pool.whenBusy,
    'on-unknown': pool.onUnknown,
  });
  await phase(step);
  return {
    isChosen: outputs.get('is-self-hosted') === 'true',
    reason: outputs.get('reason') ?? '',
    confidence: outputs.get('confidence') ?? '',
    source: outputs.get('source') ?? '',
    wasDistorted: api.wasDistorted(),
  };
}

function configOf({ pool, supplies, wanted: { labels, group } }: World): string {
  const runsOn = group === undefined ? labels : { group, ...(labels.length === 0 ? {} : { labels }) };
  const heartbeat = { workflow: heartbeatWorkflow, every: '15m', 'max-age': `${heartbeatMaxAge}m` };
  const own = {
    'runs-on': runsOn,
    kind: pool.kind,
    ...(pool.hasMaximum && pool.kind !== 'runners' ? { 'max-runners': supplies[0]?.max } : {}),
    ...(pool.hasHeartbeat ? { heartbeat } : {}),
    ...(pool.hasMetrics ? { 'metrics-url': metricsUrl } : {}),
  };
  // JSON is YAML.
  return JSON.stringify({ version: 1, pools: { own } });
}
