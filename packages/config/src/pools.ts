import type { Config } from './schema/config.ts';

export type Pool = NonNullable<Config['pools']>[string] & { name: string };

/** Returns the pools in order of preference: first those in `pool-order`, then the others in the order of the files. */
export function orderedPools({ pools = {}, 'pool-order': order = [] }: Config): Pool[] {
  const names = [...new Set([...order, ...Object.keys(pools)])];
  return names.flatMap((name) => {
    const pool = pools[name];
    return pool === undefined ? [] : [{ ...pool, name }];
  });
}
