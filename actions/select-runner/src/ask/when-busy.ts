export const busyWords = ['fallback', 'queue', 'wait'] as const;

/** How `when-busy` is written, with what belongs to it; `undefined` where nobody chose. */
export interface BusyChoice {
  whenBusy?: (typeof busyWords)[number] | undefined;
  minFree?: number | undefined;
  /** Milliseconds. */
  wait?: number | undefined;
}

/** What a pool does with jobs while its runners are at work. */
export interface WhenBusy {
  /** How many runners must be free. */
  minFree: number;
  /** For how long one waits until they are, in milliseconds. */
  wait: number;
  /** How many free runners settle it for so many jobs, so that nobody needs to look further; 0: any that is online does. */
  enough(jobs: number): number;
  /** How many jobs a pool takes that has runners online, so many of them free. */
  capacity(free: number): number;
}

/** Inputs go before the configuration. */
export function whenBusy(given: BusyChoice, team: BusyChoice): WhenBusy {
  const word = given.whenBusy ?? team.whenBusy ?? 'fallback';
  // In a queue jobs stand in line for whoever becomes free.
  if (word === 'queue')
    return { minFree: 1, wait: 0, enough: () => 0, capacity: () => Number.POSITIVE_INFINITY };
  const minFree = given.minFree ?? team.minFree ?? 1;
  return {
    minFree,
    wait: word === 'wait' ? (given.wait ?? team.wait ?? 0) : 0,
    enough: (jobs) => minFree + jobs - 1,
    capacity: (free) => Math.max(0, free - minFree + 1),
  };
}
