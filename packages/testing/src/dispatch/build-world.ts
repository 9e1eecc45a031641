import { createSeededRandom, type Random } from '../random.ts';
import { buildRuns } from './build-runs.ts';
import type { Distortion, Group, Machine, Scope, Sight, Supply, Wanted, World } from './world.ts';

/** A world without its jobs. */
export type Setting = Omit<World, 'runs'>;

const files = {
  caller: 'octo/app/.github/workflows/ci.yml@refs/heads/main',
  called: 'octo/shared/.github/workflows/work.yml@refs/heads/main',
  otherFile: 'octo/app/.github/workflows/release.yml@refs/heads/main',
  otherRef: 'octo/app/.github/workflows/ci.yml@refs/heads/release',
};
const distortions: readonly Distortion[] = [
  'page-2-fails',
  'list-fails',
  'groups-fail',
  'runs-fail',
  'empty-with-total',
  'more-than-total',
  'total-changes',
  'moves',
];
/** These show only in a list of more than one page. */
const distortionsOfPages: readonly Distortion[] = ['page-2-fails', 'total-changes', 'moves'];
const scaleSetName = 'arc-large';
/** The kinds of pools in a configuration. Somebody may declare machines on demand as if they were always there. */
const declaredKinds = {
  machines: ['runners'],
  'scale-set': ['scale-set'],
  'on-demand': ['autoscaled', 'autoscaled', 'runners'],
} as const;

/** Builds the world of a seed. The same seed always gives the same world. */
export function buildWorld(seed: number): World {
  const random = createSeededRandom(seed);
  const chance = (percent: number): boolean => random.number(100) < percent;
  const owner = chance(25) ? 'user' : 'organization';
  const isInEnterprise = owner === 'organization' && chance(35);
  const job = chance(25) ? files.called : files.caller;
  const groups = owner === 'user' ? [] : buildGroups(random, job, isInEnterprise);
  const theme = random.pick(['machines', 'machines', 'machines', 'scale-set', 'on-demand'] as const);
  const distortion = chance(55) ? 'none' : random.pick(distortions);
  const makes = { random, groups, scopes: scopesOf(owner, isInEnterprise) };
  const wanted = buildWanted(random, theme, groups);
  const setting: Setting = {
    seed,
    now: Date.UTC(2026, 10, 27, 12),
    owner,
    isInEnterprise,
    isPublic: chance(25),
    groups,
    machines: buildMachines(makes, wanted, theme === 'machines' ? 1 + random.number(3) : random.number(2)),
    supplies: theme === 'machines' ? [] : [buildSupply(makes, theme, wanted)],
    fillers: [],
    wanted,
    files: { caller: files.caller, job },
    distortion,
    sight: random.pick<Sight>(['repository', 'organization', 'all', 'all', 'enterprise', 'enterprise']),
    pool: {
      described: wanted.group === undefined && chance(50) ? 'labels' : 'config',
      kind: random.pick(declaredKinds[theme]),
      whenBusy: random.pick(['fallback', 'queue']),
      onUnknown: random.pick(['fallback', 'fallback', 'use']),
      hasHeartbeat: chance(20),
      hasMaximum: theme !== 'machines' && chance(50),
      hasMetrics: theme === 'scale-set' && chance(60),
    },
  };
  const isAutoscaled = setting.pool.described === 'config' && setting.pool.kind === 'autoscaled';
  const machines = isAutoscaled ? setting.machines.map(asleepIfDead) : setting.machines;
  const isLong = distortionsOfPages.includes(distortion) || chance(3);
  const fillers = isLong ? buildFillers(makes, setting) : [];
  const long = { ...setting, machines, fillers };
  return { ...long, runs: buildRuns(long, random) };
}

function scopesOf(owner: World['owner'], isInEnterprise: boolean): readonly Scope[] {
  if (owner === 'user') return ['repository'];
  return isInEnterprise
    ? ['repository', 'organization', 'enterprise', 'enterprise']
    : ['repository', 'organization', 'organization'];
}

function buildGroups(random: Random, job: string, isInEnterprise: boolean): Group[] {
  const count = 1 + random.number(3);
  const own = Array.from({ length: count }, (_, index) => buildGroup(random, job, index + 1, false));
  return isInEnterprise ? [...own, buildGroup(random, job, 9, true)] : own;
}

function buildGroup(random: Random, job: string, id: number, isInherited: boolean): Group {
  const workflows = random.pick([
    undefined,
    undefined,
    undefined,
    [job],
    [job],
    [random.pick([files.caller, files.otherFile, files.otherRef])],
  ]);
  return {
    id,
    name: isInherited ? 'Shared' : (['Default', 'Build', 'Secure'][id - 1] ?? ''),
    isInherited,
    visibility: random.pick(['all', 'all', 'private', 'selected']),
    isSelected: random.number(2) === 0,
    allowsPublic: random.number(2) === 0,
    workflows,
  };
}

function buildWanted(random: Random, theme: string, groups: readonly Group[]): Wanted {
  const own = random.pick([
    ['self-hosted', 'Linux', 'X64'],
    ['self-hosted', 'linux'],
    ['Self-Hosted', 'Linux', 'gpu'],
  ]);
  const labels = theme === 'scale-set' ? [scaleSetName] : own;
  if (groups.length === 0 || random.number(4) > 0) return { labels, group: undefined };
  const { name, isInherited } = random.pick(groups);
  const written = random.pick([name, name.toLowerCase(), `${isInherited ? 'ent' : 'org'}/${name}`]);
  return { labels: random.number(3) === 0 ? [] : labels, group: written };
}

/** What the parts of a world are made from. */
interface Makes {
  random: Random;
  groups: readonly Group[];
  scopes: readonly Scope[];
}

function placeOf({ random, groups, scopes }: Makes): Pick<Machine, 'scope' | 'groupId'> {
  const scope = random.pick(scopes);
  const fitting = groups.filter(({ isInherited }) => isInherited === (scope === 'enterprise'));
  return { scope, groupId: scope === 'repository' ? undefined : random.pick(fitting).id };
}

function buildMachines(makes: Makes, { labels }: Wanted, count: number): Machine[] {
  const { random } = makes;
  const isStrange = random.number(4) === 0;
  return Array.from({ length: count }, (_, index): Machine => {
    const all = labels.length === 0 ? ['self-hosted', 'Linux'] : labels;
    const isOther = random.number(4) === 0;
    const version = random.pick([undefined, '2.330.0', '2.329.0', '2.328.0']);
    const picked = random.pick(isStrange ? strangeStates : states);
    // A runner that is too old gets no jobs.
    const state = picked === 'busy' && version === '2.328.0' ? 'idle' : picked;
    const stale = random.pick(isStrange ? [{}, { busy: false }, { isOffline: true }] : [{}]);
    return {
      kind: 'machine',
      id: 500 + index,
      name: `machine-${index + 1}`,
      ...placeOf(makes),
      labels: isOther ? all.slice(1) : [...all, 'extra'].map(random.pick([lower, same])),
      state,
      version,
      listed: state === 'busy' ? stale : {},
    };
  });
}

/** An autoscaler may keep its machines, and wake them for a job. */
function asleepIfDead(machine: Machine): Machine {
  return machine.state === 'dead' ? { ...machine, state: 'asleep' } : machine;
}

const states = ['idle', 'busy', 'dead', 'dead'] as const;
const strangeStates = [...states, 'busy', 'busy', 'hung', 'hung'] as const;
const lower = (label: string): string => label.toLowerCase();
const same = (label: string): string => label;

function buildSupply(makes: Makes, kind: Supply['kind'], { labels }: Wanted): Supply {
  const { random } = makes;
  const place = placeOf(makes);
  const own = kind === 'scale-set' ? [scaleSetName] : labels.length === 0 ? ['self-hosted'] : labels;
  const max = 1 + random.number(3);
  const running = Array.from({ length: random.number(max + 1) }, (_, index): Machine => ({
    kind: 'machine',
    id: 600 + index,
    name: `${kind}-runner-${index + 1}`,
    ...place,
    labels: own,
    state: 'busy',
    version: '2.330.0',
    // What the list shows of a scale set's runners.
    listed: kind === 'scale-set' ? { labels: random.pick([[], own]) } : {},
  }));
  const isAlive = random.number(4) > 0;
  const isListening = random.number(4) > 0;
  return { kind, ...place, labels: own, isAlive, isListening, max, running: isAlive ? running : [] };
}

/** Makes the list of one scope longer than a page. The other runners of the list come first or last in it. */
function buildFillers({ random, groups }: Makes, { machines, supplies }: Setting): Machine[] {
  const { scope, groupId } = [...machines, ...supplies][0] ?? { scope: 'repository', groupId: undefined };
  const first = random.number(4) === 0 ? 700 : 1;
  return Array.from({ length: 100 + random.number(20) }, (_, index): Machine => ({
    kind: 'machine',
    id: first + index,
    name: `filler-${index + 1}`,
    scope,
    groupId: scope === 'repository' ? undefined : (groupId ?? groups[0]?.id),
    labels: ['filler'],
    state: 'idle',
    version: '2.330.0',
    listed: {},
  }));
}
