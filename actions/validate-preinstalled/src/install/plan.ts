import { type Requirement, roundsOf } from '@runner-actions/manifest';
import {
  argumentsToRun,
  completeCommand,
  refreshCommand,
  type Remedy,
  remedyText,
} from '../machine-facts/packages/install-command.ts';
import type { Result } from '../results.ts';
import { saidOf, type UnknownPackages } from './unknown-packages.ts';

/** One command of a plan. */
export interface Act extends Remedy {
  /** Names of the requirements that it should meet. */
  meets: readonly string[];
  /** The packages of each of these, for a command of several; absent: all of them. */
  needs?: ReadonlyMap<string, readonly string[]>;
}

/** What is installed, as data. Acts of a round run one after another, and a round begins when the one before is done. */
export interface Plan {
  rounds: readonly (readonly Act[])[];
  /** What is not met and is not installed. */
  left: readonly { name: string; why: string }[];
}

/** What apt knows of its packages. */
export interface AptLists {
  /** Whether they are missing or old. */
  stale: boolean;
  /** Whether it finds all packages of the plan in them. */
  complete: boolean;
  /** Packages that cannot be installed by them, with what apt-get says of each. */
  unknown?: UnknownPackages;
  /** Whether dpkg was stopped half-way, so that apt does nothing before that is completed. */
  interrupted: boolean;
}

interface Wanted {
  name: string;
  dependsOn: readonly string[];
  installsAfter: readonly string[];
  remedy: Remedy;
}

/**
 * Plans what meets the requirements that a check found unmet. The same results give the same plan.
 * @param unknown packages that apt does not know: what needs one of them is left
 * @throws Error if the features wait for each other, which the manifest's check refuses before
 */
export function makePlan(results: readonly Result[], unknown: UnknownPackages = new Map()): Plan {
  const unmet = results.filter(({ status }) => !['pass', 'skip'].includes(status));
  const impossible = unmet.flatMap((one) => {
    const why = whyNotInstalled(one, unknown);
    return why === undefined ? [] : [{ key: keyOf(one.requirement), name: nameOf(one.requirement), why }];
  });
  const left = new Map(impossible.map((one) => [one.key, one]));
  const wanted = unmet.flatMap(({ requirement, remedy }) =>
    remedy === undefined || left.has(keyOf(requirement)) ? [] : [toWanted(requirement, remedy)],
  );
  for (;;) {
    const stuck = wanted.find((one) => !left.has(one.name) && one.dependsOn.some((name) => left.has(name)));
    if (stuck === undefined) break;
    const cause = stuck.dependsOn.find((name) => left.has(name)) ?? '';
    left.set(stuck.name, {
      key: stuck.name,
      name: stuck.name,
      why: `it needs ${cause}, which is not installed`,
    });
  }
  const rounds = roundsOf(wanted.filter(({ name }) => !left.has(name)));
  if ('cycle' in rounds) throw new Error(`features wait for each other: ${rounds.cycle.join(' → ')}`);
  return { rounds: rounds.map(joinActs), left: [...left.values()].map(({ name, why }) => ({ name, why })) };
}

function whyNotInstalled(
  { status, isUnknown, remedy, requirement }: Result,
  unknown: UnknownPackages,
): string | undefined {
  if (status === 'error' || isUnknown) return 'it could not be checked';
  if (remedy === undefined) return whyNoCommand(requirement);
  if ('install' in requirement && !requirement.install) return 'the manifest says `install: false`';
  return remedy.by === 'apt' ? saidOf(remedy.packages, unknown) : undefined;
}

function whyNoCommand({ kind }: Requirement): string {
  const none = 'no command is known that installs it';
  // apt-file would tell which package has a file. Its data is on few machines, and nothing here reads it.
  return kind === 'library' ? `${none}: its package is not in the list of this action` : none;
}

/** Features are named by others, so that nothing else may have their names. */
function keyOf({ kind, name }: Pick<Requirement, 'kind' | 'name'>): string {
  return kind === 'feature' ? name : `${kind} ${name}`;
}

function nameOf({ kind, name }: Requirement): string {
  return `${kind} ${name}`;
}

function toWanted(requirement: Requirement, remedy: Remedy): Wanted {
  const dependsOn = 'dependsOn' in requirement ? requirement.dependsOn : [];
  const installsAfter = 'installsAfter' in requirement ? requirement.installsAfter : [];
  return { name: keyOf(requirement), dependsOn, installsAfter, remedy };
}

/** Managers that take one package a call, as far as their documentation says. */
const oneByOne: readonly Remedy['by'][] = ['winget', 'pipx', 'go', 'feature', 'archive'];
/** Managers of a language come last in a round: those of the system may bring them. */
const order: readonly Remedy['by'][] = [
  'apt',
  'dnf',
  'zypper',
  'apk',
  'pacman',
  'brew',
  'winget',
  'archive',
  'feature',
];

/** Joins equal commands, so that each manager is called once a round. */
function joinActs(round: readonly Wanted[]): Act[] {
  const acts = new Map<string, Act>();
  for (const { name, remedy } of round) {
    const own = oneByOne.includes(remedy.by) ? remedy.packages : [];
    const key = JSON.stringify([remedy.command, own]);
    const act = acts.get(key) ?? { ...remedy, packages: [], meets: [] };
    const packages = [...new Set([...act.packages, ...remedy.packages])];
    const needs = new Map([...(act.needs ?? []), [name, remedy.packages] as const]);
    acts.set(key, { ...act, packages, needs, meets: [...act.meets, name] });
  }
  const rank = ({ by }: Act): number => (order.includes(by) ? order.indexOf(by) : order.length);
  return [...acts.values()].toSorted((one, other) => rank(one) - rank(other));
}

/**
 * Adds the command that completes what dpkg was stopped at, and the one that fetches apt's lists, where the first act of
 * apt needs it. A feature of the team's own may add a source of packages, so that the lists are fetched after it if
 * packages are unknown.
 */
export function withRefresh(plan: Plan, { stale, complete, interrupted }: AptLists): Plan {
  const refresh: Act = { by: 'apt', command: refreshCommand, packages: [], meets: [] };
  const completion: Act = { by: 'apt', command: completeCommand, packages: [], meets: [] };
  let isFresh = false;
  let isWhole = !interrupted;
  const before = (act: Act): Act[] => {
    if (act.by === 'feature' && !complete) isFresh = false;
    if (act.by !== 'apt' || act.packages.length === 0) return [];
    const acts = [...(isWhole ? [] : [completion]), ...(isFresh || (complete && !stale) ? [] : [refresh])];
    isWhole = true;
    isFresh ||= acts.includes(refresh);
    return acts;
  };
  const rounds = plan.rounds.map((round) => round.flatMap((act) => [...before(act), act]));
  return { ...plan, rounds };
}

/** Whether a feature of the team's own is in the plan. It may add a source of packages, which apt knows only then. */
export function hasOwnFeature({ rounds }: Plan): boolean {
  return rounds.flat().some(({ by }) => by === 'feature');
}

/**
 * Returns the plan without what apt does not know, which is left. An installation tries that all the same, once it has
 * fetched the lists.
 */
export function withoutUnknown(plan: Plan, results: readonly Result[], lists: AptLists): Plan {
  const { unknown } = lists;
  if (unknown === undefined || unknown.size === 0) return plan;
  return withRefresh(makePlan(results, unknown), lists);
}

/** All packages of apt in the plan. */
export function aptPackages({ rounds }: Plan): string[] {
  return rounds.flat().flatMap(({ by, packages }) => (by === 'apt' ? packages : []));
}

/** Describes a plan, a command a line, as a person would type it. */
export function describePlan({ rounds, left }: Plan): string[] {
  const shown = rounds.flatMap((round, index) =>
    round.map(
      (act) =>
        `${index + 1}. ${remedyText(act)}${act.meets.length === 0 ? '' : ` (${act.meets.join(', ')})`}`,
    ),
  );
  return [...shown, ...left.map(({ name, why }) => `not installed: ${name}, since ${why}`)];
}

/** The output `plan`. */
export function planAsJson({ rounds, left }: Plan): string {
  const acts = (round: readonly Act[]) =>
    round.map((act) => ({ by: act.by, command: argumentsToRun(act), meets: act.meets }));
  return JSON.stringify({ version: 1, rounds: rounds.map((round) => ({ acts: acts(round) })), left });
}
