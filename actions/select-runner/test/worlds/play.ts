import {
  type Api,
  configFiles,
  createStep,
  metricsOf,
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
  const api = openApi(world, configFiles(world));
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
