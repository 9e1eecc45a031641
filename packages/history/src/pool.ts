/** What a job requests: a runner with all of these labels, and in this group if one is given. */
export interface LabelsAndGroup {
  /** Empty if only a group is given. */
  labels: readonly string[];
  group: string | undefined;
}

export const poolKinds = ['runners', 'scale-set', 'hosted'] as const;

/** The properties of a pool that an observer needs. */
export interface ObservedPool extends LabelsAndGroup {
  name: string;
  /** For a scale set an empty list of runners proves nothing, because it starts runners on demand. */
  kind: (typeof poolKinds)[number];
  /** Whether a configuration declares the kind. Otherwise `runners` is a guess. */
  isDeclared: boolean;
  /** Maximum number of runners of a scale set. */
  maxRunners: number | undefined;
  /** The metrics URL of a scale set's listener, and the environment variable that holds the token for it. */
  metrics: { url: string; tokenVariable: string | undefined } | undefined;
  /** The workflow that proves that the pool is alive. `maxAge` in milliseconds. */
  heartbeat: { workflow: string; maxAge: number } | undefined;
}
