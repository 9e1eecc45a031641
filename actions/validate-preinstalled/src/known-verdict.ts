import type { Tally } from './results.ts';

let known: Tally | undefined;

/** Keeps what the last whole check found, for the safe answer: no later fault turns it into success. */
export function keepVerdict(tally: Tally): void {
  known = tally;
}

/** What the last whole check found; `undefined` before the first. */
export function keptVerdict(): Tally | undefined {
  return known;
}
