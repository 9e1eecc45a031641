import type { Config } from './schema/config.ts';

export type Pool = NonNullable<Config['pools']>[string] & { name: string };

/** The pools in order of preference: those that `pool-order` names, then the others as the files have them. */
export function orderedPools({ pools = {}, 'pool-order': order = [] }: Config): Pool[] {
  const names = [...new Set([...order, ...Object.keys(pools)])];
  return names.flatMap((name) => {
    const pool = pools[name];
    return pool === undefined ? [] : [{ ...pool, name }];
  });
}
