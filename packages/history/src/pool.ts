/** What a job requests: a runner with all of these labels, and in this group if one is given. */
export interface LabelsAndGroup {
  /** Empty if only a group is given. */
  labels: readonly string[];
  group: string | undefined;
}

export const poolKinds = ['runners', 'scale-set', 'autoscaled', 'hosted'] as const;

/** A pool that a configuration declares. */
export interface DeclaredPool extends LabelsAndGroup {
  name: string;
  /** See `startsOnDemand`. */
  kind: (typeof poolKinds)[number];
  /** Whether a configuration declares the kind. Otherwise `runners` is a guess. */
  isDeclared: boolean;
}

/** The properties of a pool that an observer needs. */
export interface ObservedPool extends DeclaredPool {
  /** Maximum number of runners of a pool that starts them on demand. */
  maxRunners: number | undefined;
  /** The metrics URL of a scale set's listener, and the environment variable that holds the token for it. */
  metrics: { url: string; tokenVariable: string | undefined } | undefined;
  /** The workflow that proves that the pool is alive. `maxAge` in milliseconds. */
  heartbeat: { workflow: string; maxAge: number } | undefined;
}

/**
 * Whether a pool starts runners when jobs come: an ARC scale set, or any other autoscaler. That no runner is listed, or
 * that all are offline, then proves nothing.
 */
export function startsOnDemand({ kind }: Pick<ObservedPool, 'kind'>): boolean {
  return kind === 'scale-set' || kind === 'autoscaled';
}
