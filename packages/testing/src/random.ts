/** A random generator. */
export interface Random {
  /** Returns a whole number from 0 to `below` - 1. */
  number(below: number): number;
  /** Returns one of the items. */
  pick<T>(items: readonly T[]): T;
}

/** Creates a random generator (mulberry32). The same seed gives the same numbers, so that a failure can be repeated. */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  const number = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  return { number, pick: (items) => items[number(items.length)] as (typeof items)[number] };
}
