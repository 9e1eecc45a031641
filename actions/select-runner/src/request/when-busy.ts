export const whenBusyValues = ['fallback', 'queue', 'wait'] as const;

/** The setting `when-busy` and the settings that belong to it. `undefined`: not set. */
export interface WhenBusySettings {
  whenBusy?: (typeof whenBusyValues)[number] | undefined;
  minFree?: number | undefined;
  /** Milliseconds. */
  wait?: number | undefined;
}

/** How a pool handles jobs while its runners are busy. */
export interface BusyPolicy {
  /** How many runners must be free. */
  minFree: number;
  /** How long to wait until they are free, in milliseconds. */
  wait: number;
  /** How many free runners are enough to place this many jobs; 0: one online runner is enough. */
  freeNeeded(jobs: number): number;
  /** How many jobs a pool with online runners takes when this many of them are free. */
  capacity(free: number): number;
}

/** Creates the policy of a pool. Inputs override the configuration. */
export function createBusyPolicy(given: WhenBusySettings, team: WhenBusySettings): BusyPolicy {
  const mode = given.whenBusy ?? team.whenBusy ?? 'fallback';
  // Queued jobs wait for any runner that becomes free.
  if (mode === 'queue')
    return { minFree: 1, wait: 0, freeNeeded: () => 0, capacity: () => Number.POSITIVE_INFINITY };
  const minFree = given.minFree ?? team.minFree ?? 1;
  return {
    minFree,
    wait: mode === 'wait' ? (given.wait ?? team.wait ?? 0) : 0,
    freeNeeded: (jobs) => minFree + jobs - 1,
    capacity: (free) => Math.max(0, free - minFree + 1),
  };
}
