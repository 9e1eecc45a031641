/** Who lists a runner. */
export type Scope = 'repository' | 'organization' | 'enterprise';

/** A machine that stays registered, or the runner of a job that a scale set or an on-demand pool started. */
export interface Machine {
  kind: 'machine';
  id: number;
  name: string;
  scope: Scope;
  groupId: number | undefined;
  labels: readonly string[];
  /**
   * `hung`: online and idle in the list, but it takes no job. `asleep`: offline in the list, and a job wakes it; only in a
   * pool that a configuration declares so.
   */
  state: 'idle' | 'busy' | 'dead' | 'hung' | 'asleep';
  version: string | undefined;
  /** How the list shows the machine where it differs from the truth. */
  listed: { labels?: readonly string[]; busy?: boolean; isOffline?: boolean };
}

/** Runners that are started when jobs come: an ARC scale set, or machines that boot on demand. */
export interface Supply {
  kind: 'scale-set' | 'on-demand';
  scope: Scope;
  groupId: number | undefined;
  labels: readonly string[];
  /** Whether it starts runners. */
  isAlive: boolean;
  /** Whether the listener of a scale set answers, even if no runner starts. */
  isListening: boolean;
  max: number;
  /** The runners that have a job now. GitHub lists them among the others. */
  running: readonly Machine[];
}

export interface Group {
  id: number;
  name: string;
  isInherited: boolean;
  visibility: 'all' | 'private' | 'selected';
  /** Whether the repository is selected, for visibility `selected`. */
  isSelected: boolean;
  allowsPublic: boolean;
  /** The only workflow files that may use the group; `undefined`: all of them. */
  workflows: readonly string[] | undefined;
}

export interface Wanted {
  labels: readonly string[];
  /** A group's name, which may have the prefix `org/` or `ent/`. */
  group: string | undefined;
}

export interface WorldRun {
  id: number;
  status: 'queued' | 'in_progress' | 'completed';
  /** Minutes since the run was created. */
  age: number;
  /** File name of the workflow. Default: the caller of the world. */
  workflow?: string;
  jobs: readonly WorldJob[];
}

export interface WorldJob extends Wanted {
  status: 'queued' | 'in_progress' | 'completed';
  /** Minutes since a runner took the job. */
  startedAge?: number;
  runner?: Pick<Machine, 'id' | 'name'> & { group: string };
}

/** What is wrong with the answers of the API. */
export type Distortion =
  | 'none'
  | 'page-2-fails'
  | 'list-fails'
  | 'groups-fail'
  | 'runs-fail'
  | 'empty-with-total'
  | 'more-than-total'
  | 'total-changes'
  | 'moves';

/** How much the `runner-token` may see. */
export type Sight = 'repository' | 'organization' | 'all' | 'enterprise';

/** The truth about one repository, its runners and its jobs, and what the API shows of it. */
export interface World {
  seed: number;
  /** Milliseconds since the epoch. */
  now: number;
  owner: 'user' | 'organization';
  isInEnterprise: boolean;
  isPublic: boolean;
  groups: readonly Group[];
  machines: readonly Machine[];
  supplies: readonly Supply[];
  /** Machines of other kinds. They only make the lists long. */
  fillers: readonly Machine[];
  wanted: Wanted;
  /** The workflow file that the event started, and the file in which the job is written. */
  files: { caller: string; job: string };
  runs: readonly WorldRun[];
  distortion: Distortion;
  sight: Sight;
  /** How the user describes the pool to select-runner. */
  pool: {
    described: 'labels' | 'config';
    kind: 'runners' | 'scale-set' | 'autoscaled';
    whenBusy: 'fallback' | 'queue';
    onUnknown: 'fallback' | 'use';
    /** Whether the pool has a heartbeat. */
    hasHeartbeat: boolean;
    /** Whether the configuration has the maximum of the pool's runners. */
    hasMaximum: boolean;
    /** Whether select-runner may read the metrics of the scale set. */
    hasMetrics: boolean;
  };
}

/** Whether a configuration declares that the runners of the pool start when jobs come. */
export function isDeclaredOnDemand({ pool }: Pick<World, 'pool'>): boolean {
  return pool.described === 'config' && pool.kind !== 'runners';
}

/** Returns every runner that is registered now. */
export function registered({ machines, supplies, fillers }: World): Machine[] {
  return [...machines, ...supplies.flatMap(({ running }) => running), ...fillers];
}

/** Returns a short text that says what a world is about, for a message. */
export function describeWorld(world: World): string {
  const groupOf = (id: number | undefined) => world.groups.find((group) => group.id === id)?.name ?? '-';
  const place = ({ scope, groupId }: Pick<Machine, 'scope' | 'groupId'>) => `${scope}/${groupOf(groupId)}`;
  const shown = {
    owner: `${world.owner}${world.isInEnterprise ? ' in an enterprise' : ''}, ${world.isPublic ? 'public' : 'private'}`,
    wanted: world.wanted,
    pool: Object.values(world.pool).join(' '),
    sight: world.sight,
    distortion: world.distortion,
    files: world.files,
    groups: world.groups,
    machines: world.machines.map(
      (one) =>
        `${one.name} ${place(one)} ${one.state} ${one.version ?? ''} [${one.labels.join(',')}] ${JSON.stringify(one.listed)}`,
    ),
    supplies: world.supplies.map(
      (one) =>
        `${one.kind} ${place(one)} [${one.labels.join(',')}] max ${one.max}, ${one.running.length} running${one.isAlive ? '' : ', dead'}`,
    ),
    fillers: world.fillers.length,
    runs: world.runs.map((run) => `${run.id} ${run.status} ${run.age} min: ${JSON.stringify(run.jobs)}`),
  };
  return JSON.stringify(shown, undefined, 1);
}
