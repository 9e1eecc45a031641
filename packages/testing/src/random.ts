/** Numbers that a seed decides (mulberry32), so that a failure can be repeated. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  number(below: number): number;
  pick<T>(of: readonly T[]): T;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const number = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  return { number, pick: (of) => of[number(of.length)] as (typeof of)[number] };
}
