import {
  bootTime,
  type Breach,
  canUse,
  hasFreshHeartbeat,
  hasRoom,
  isBusyShown,
  isDeclaredOnDemand,
  isFullShown,
  isHungShown,
  isMisdeclared,
  isScaleSetShown,
  isSupplyHidden,
  seesAllRunners,
  type World,
  wouldStart,
} from '@runner-actions/testing/dispatch';
import { type Answer, select } from './play.ts';

export const rules = {
  neverStarts: 'the job goes to the pool, GitHub never starts it, and the API showed enough to know that',
  highButDead: 'the job goes to the pool with confidence high, and GitHub never starts it',
  highButBusy: 'the pool is idle with confidence high, and no runner is free',
  unknownAsKnown: 'a list was cut, failed or contradictory, and the pool is dead with confidence high',
  highButAlive: 'the pool is dead with confidence high, and GitHub would start the job',
  undeclared:
    'the pool is dead with confidence high, nobody said of which kind it is, and it starts runners when jobs come',
  betterToken: 'the pool is alive without a runner-token and dead with one, and GitHub would start the job',
  bootingAsDead:
    'machines of an autoscaled pool start as fast as usual, and the pool counts as dead or broken',
  overfull: 'the job goes to a pool on demand whose maximum is used up by jobs that the API shows',
  missed: 'an idle runner may take the job, the API showed enough to know that, and the job goes elsewhere',
} as const;

const isDead = ({ reason }: Answer): boolean => ['offline', 'no-match', 'group-not-visible'].includes(reason);
const isAlive = ({ reason }: Answer): boolean => ['idle', 'online', 'busy', 'saturated'].includes(reason);
const isHigh = ({ confidence }: Answer): boolean => confidence === 'high';

/** The answers of one world: with the workflow's token alone, and with a token that lists runners. */
export interface Answers {
  plain: Answer;
  better: Answer;
}

export async function selectTwice(world: World): Promise<Answers> {
  return { plain: await select(world, false), better: await select(world, true) };
}

/** Returns the rules that the answers break. */
export function breachesOf(world: World, { plain, better }: Answers): Breach[] {
  const starts = wouldStart(world, world.wanted);
  const breaches = [plain, better].flatMap((answer) => breachesOfOne(world, answer, starts));
  const isLate = world.machines.some(({ listed }) => listed.isOffline === true);
  const isHonest = !plain.wasDistorted && !better.wasDistorted && !isLate;
  const isSeen = !isSupplyHidden(world) && !isMisdeclared(world);
  if (isHonest && starts && isAlive(plain) && isDead(better) && isSeen)
    breaches.push({ rule: rules.betterToken, answer: `${textOf(plain)}, then ${textOf(better)}` });
  const isClear = isEnough(world) && isHonest && hasRoom(world, world.wanted);
  if (isClear && !better.isChosen) breaches.push({ rule: rules.missed, answer: textOf(better) });
  if (
    isEnough(world) &&
    isHonest &&
    isAlive(better) &&
    better.isChosen &&
    !starts &&
    !hasFreshHeartbeat(world)
  )
    breaches.push({ rule: rules.neverStarts, answer: textOf(better) });
  return breaches;
}

function breachesOfOne(world: World, answer: Answer, starts: boolean): Breach[] {
  const broken = [
    ...(isBooting(world) && (isDead(answer) || answer.reason === 'degraded') ? [rules.bootingAsDead] : []),
    ...(isFullShown(world) && answer.isChosen ? [rules.overfull] : []),
    ...(isHigh(answer) ? brokenByHigh(world, answer, starts) : []),
  ];
  return broken.map((rule) => ({ rule, answer: textOf(answer) }));
}

/** Whether only an autoscaler serves the pool, has a machine left for each job, and is not late with it. */
function isBooting(world: World): boolean {
  const isOnlyAutoscaler = world.machines.length === 0 && world.pool.kind === 'autoscaled';
  const isInTime = world.runs.every(({ status, age }) => status !== 'queued' || age < bootTime);
  return isDeclaredOnDemand(world) && isOnlyAutoscaler && isInTime && hasRoom(world, world.wanted);
}

function brokenByHigh(world: World, answer: Answer, starts: boolean): string[] {
  const isHung = world.machines.some((one) => one.state === 'hung' && canUse(world, one, world.wanted));
  const isDoubtful = isHungShown(world) || (isBusyShown(world) && world.distortion !== 'runs-fail');
  const isShown =
    answer.source === 'scale-set-metrics' ? isScaleSetShown(world) : !isHung || isHungShown(world);
  const isBusy = answer.reason === 'idle' && starts && !hasRoom(world, world.wanted);
  return [
    ...(answer.isChosen && !starts && isShown ? [rules.highButDead] : []),
    ...(isBusy && (isEnough(world) || isDoubtful) ? [rules.highButBusy] : []),
    ...(isDead(answer) && answer.wasDistorted ? [rules.unknownAsKnown] : []),
    ...(isDead(answer) && starts ? highButAlive(world) : []),
  ];
}

function highButAlive(world: World): string[] {
  // Only a job shows that a runner is wrongly listed as offline.
  const isRead = world.distortion !== 'runs-fail';
  const machines = world.machines.filter(({ listed }) => listed.isOffline !== true || isRead);
  const hasMachine = wouldStart({ ...world, machines, supplies: [] }, world.wanted);
  const { pool } = world;
  if (hasMachine || isDeclaredOnDemand(world)) return [rules.highButAlive];
  // A configuration that says `runners` says that nothing starts when jobs come.
  return pool.described === 'labels' && !isSupplyHidden(world) ? [rules.undeclared] : [];
}

function textOf({ isChosen, reason, confidence, source }: Answer): string {
  return `${isChosen ? 'chosen' : 'not chosen'}: ${reason}, ${confidence}, ${source}`;
}

/**
 * Whether the API showed enough to know whether GitHub would start the job: the token sees every list that can hold a
 * runner for it, and only registered runners can take it; the action knows the file in which the job is written, or no
 * group asks for it; and no runner is hung or listed otherwise than it is.
 */
export function isEnough(world: World): boolean {
  const { machines, supplies, groups, files, pool, distortion } = world;
  const isFileKnown = files.caller === files.job || groups.every(({ workflows }) => workflows === undefined);
  const isHung = machines.some((one) => one.state === 'hung' && canUse(world, one, world.wanted));
  const isStale = machines.some(({ listed }) => Object.keys(listed).length > 0);
  const isListed = supplies.length === 0 && pool.kind === 'runners';
  return distortion === 'none' && seesAllRunners(world) && isListed && isFileKnown && !isHung && !isStale;
}
