import {
  type Api,
  type Breach,
  configFiles,
  createStep,
  isDeclaredOnDemand,
  isMisdeclared,
  isSupplyHidden,
  openApi,
  seesAllRunners,
  tokens,
  type World,
  wouldStart,
} from '@runner-actions/testing/dispatch';
import { phase } from '../../src/main.ts';

/** The API that answers the requests of the play in progress. */
export const stage: { api: Api | undefined } = { api: undefined };

export const rules = {
  disturbed: 'with runner-token, a run was cancelled that GitHub would start',
  disturbedByJobs: 'without runner-token, a run was cancelled that GitHub would start',
  cutList: 'a run was cancelled although a list of runners was cut, failed or contradictory',
} as const;

/**
 * Lets rescue-queued-jobs act in a world, for all pools of the queued jobs. If the configuration declares them, they need
 * not be named. @returns the runs that it cancelled
 */
export async function rescue(world: World, hasRunnerToken: boolean) {
  const api = openApi(world, configFiles(world));
  stage.api = api;
  const queued = world.runs.filter(({ status }) => status === 'queued').flatMap(({ jobs }) => jobs);
  const areDeclared =
    world.pool.described === 'config' && queued.every(({ labels }) => labels === world.wanted.labels);
  const { step } = createStep(world, {
    token: tokens.github,
    'runner-token': hasRunnerToken ? tokens.runner : '',
    labels: areDeclared ? '' : queued.map(({ labels }) => labels.join(',')).join('\n'),
    'max-runs': '100',
  });
  await phase(step);
  const ids = api.posts().flatMap((path) => /\/(\d+)\/cancel$/.exec(path)?.[1] ?? []);
  const cancelled = world.runs.filter(({ id }) => ids.includes(String(id)));
  return { cancelled, wasDistorted: api.wasDistorted() };
}

/** Whether a run waits for long, so that rescue-queued-jobs judges it. A job that names only a group has no labels. */
export function hasWaitingRun({ runs, wanted }: World): boolean {
  return wanted.labels.length > 0 && runs.some(({ status, age }) => status === 'queued' && age > 10);
}

/** Whether the API and the configuration show that every runner with the labels is dead, and that none starts on demand. */
export function isClearlyDead(world: World): boolean {
  const { machines, supplies, wanted, distortion } = world;
  const isMatching = (own: readonly string[]): boolean => {
    const lower = own.map((label) => label.toLowerCase());
    return wanted.labels.every((label) => lower.includes(label.toLowerCase()));
  };
  const matching = machines.filter(({ labels }) => isMatching(labels));
  // A pool of kind `runners` has no others. A group says nothing about the runners of other groups.
  const isListed = matching.length > 0 || (world.pool.described === 'config' && wanted.group === undefined);
  const isDead = isListed && matching.every(({ state }) => state === 'dead');
  return distortion === 'none' && supplies.length === 0 && isDead && seesAllRunners(world);
}

/** Returns the rules that rescue-queued-jobs breaks in a world. */
export async function playRescue(world: World): Promise<Breach[]> {
  const breaches: Breach[] = [];
  const wouldGoOn = ({ jobs }: World['runs'][number]): boolean => jobs.some((job) => wouldStart(world, job));
  const exact = await rescue(world, true);
  const plain = await rescue(world, false);
  const canKnow = isDeclaredOnDemand(world) || !isSupplyHidden(world);
  if (exact.cancelled.some(wouldGoOn) && canKnow && !isMisdeclared(world))
    breaches.push({ rule: rules.disturbed, answer: `cancelled, token sees ${world.sight}` });
  if (plain.cancelled.some(wouldGoOn))
    breaches.push({ rule: rules.disturbedByJobs, answer: `cancelled, owned by a ${world.owner}` });
  if (exact.cancelled.length > 0 && exact.wasDistorted)
    breaches.push({ rule: rules.cutList, answer: 'cancelled' });
  return breaches;
}
