/** What a job asks for: all of these labels, of a runner in this group where one is named. */
export interface Wanted {
  /** None where only a group is named. */
  labels: readonly string[];
  group: string | undefined;
}

export const poolKinds = ['runners', 'scale-set', 'hosted'] as const;

/** A pool, as far as one looks at it. */
export interface ObservedPool extends Wanted {
  name: string;
  /** Of a scale set an empty list of runners says nothing: they come when a job does. */
  kind: (typeof poolKinds)[number];
  /** How many runners a scale set may have. */
  maxRunners: number | undefined;
  /** The listener of a scale set, and the variable that holds its token. */
  metrics: { url: string; tokenVariable: string | undefined } | undefined;
  /** The workflow that proves the pool alive; milliseconds. */
  heartbeat: { workflow: string; maxAge: number } | undefined;
}
