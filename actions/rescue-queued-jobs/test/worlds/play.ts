import {
  type Api,
  type Breach,
  createStep,
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

/** Lets rescue-queued-jobs act in a world. */
export async function rescue(world: World, hasRunnerToken: boolean) {
  const api = openApi(world);
  stage.api = api;
  const { step } = createStep(world, {
    token: tokens.github,
    'runner-token': hasRunnerToken ? tokens.runner : '',
    labels: world.wanted.labels.join(','),
    'max-runs': '100',
  });
  await phase(step);
  const isCancelled = api.posts().some((path) => path.endsWith('/cancel'));
  return { isCancelled, wasDistorted: api.wasDistorted() };
}

/** Whether a run waits for long, so that rescue-queued-jobs judges it. A job that names only a group has no labels. */
export function hasWaitingRun({ runs, wanted }: World): boolean {
  return wanted.labels.length > 0 && runs.some(({ status, age }) => status === 'queued' && age > 5);
}

/** Whether the API shows that every runner with the labels is dead, and that none starts on demand. */
export function isClearlyDead(world: World): boolean {
  const { machines, supplies, wanted, distortion } = world;
  const isMatching = (own: readonly string[]): boolean => {
    const lower = own.map((label) => label.toLowerCase());
    return wanted.labels.every((label) => lower.includes(label.toLowerCase()));
  };
  const matching = machines.filter(({ labels }) => isMatching(labels));
  const isDead = matching.length > 0 && matching.every(({ state }) => state === 'dead');
  return distortion === 'none' && supplies.length === 0 && isDead && seesAllRunners(world);
}

/** Returns the rules that rescue-queued-jobs breaks in a world. */
export async function playRescue(world: World): Promise<Breach[]> {
  const breaches: Breach[] = [];
  const isLive = wouldStart(world, world.wanted);
  const exact = await rescue(world, true);
  const plain = await rescue(world, false);
  if (isLive && exact.isCancelled && !isSupplyHidden(world))
    breaches.push({ rule: rules.disturbed, answer: 'cancelled' });
  if (isLive && plain.isCancelled)
    breaches.push({ rule: rules.disturbedByJobs, answer: `cancelled, owned by a ${world.owner}` });
  if (exact.isCancelled && exact.wasDistorted) breaches.push({ rule: rules.cutList, answer: 'cancelled' });
  return breaches;
}
