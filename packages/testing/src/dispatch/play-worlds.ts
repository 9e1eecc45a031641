import { buildWorld } from './build-world.ts';
import { minimise } from './minimise.ts';
import { describeWorld, type World } from './world.ts';

/** A rule that a world broke. */
export interface Breach {
  rule: string;
  /** What was answered. */
  answer: string;
}

/** Plays a world. @returns the rules that it broke */
export type Play = (world: World) => Promise<Breach[]>;

/** The worlds that broke one rule. */
export interface Broken {
  count: number;
  /** Seeds of the first worlds. */
  seeds: number[];
  /** How often it happened, by what the worlds are about. */
  kinds: ReadonlyMap<string, number>;
  /** The smallest example, and its answer. */
  example: string;
}

/** Returns the seeds to play: `WORLD` names one, `WORLDS` says how many; 1,000 by default. */
export function seedsOf({ WORLD, WORLDS }: Record<string, string | undefined>): number[] {
  if (WORLD !== undefined) return [Number(WORLD)];
  return Array.from({ length: Number(WORLDS ?? 1_000) }, (_, index) => index + 1);
}

/** Plays the worlds of the seeds. @returns the worlds that broke a rule, by the rule */
export async function playWorlds(seeds: readonly number[], play: Play): Promise<Map<string, Broken>> {
  const found = new Map<string, { world: World; answer: string }[]>();
  for (const seed of seeds) {
    const world = buildWorld(seed);
    for (const { rule, answer } of await play(world))
      found.set(rule, [...(found.get(rule) ?? []), { world, answer }]);
  }
  const broken = new Map<string, Broken>();
  for (const [rule, cases] of found) broken.set(rule, await summarise(rule, cases, play));
  return broken;
}

async function summarise(
  rule: string,
  cases: readonly { world: World; answer: string }[],
  play: Play,
): Promise<Broken> {
  const seeds = [...new Set(cases.map(({ world }) => world.seed))];
  const kinds = new Map<string, number>();
  for (const { world, answer } of cases) {
    const kind = `${kindOf(world)} → ${answer}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const size = ({ world }: { world: World }): number => describeWorld(world).length + world.fillers.length;
  const first = [...cases].sort((one, other) => size(one) - size(other))[0];
  if (first === undefined) throw new Error('no case');
  const breaks = async (world: World): Promise<boolean> =>
    (await play(world)).some((breach) => breach.rule === rule);
  const least = await minimise(first.world, breaks);
  return {
    count: seeds.length,
    seeds: seeds.slice(0, 10),
    kinds,
    example: `seed ${first.world.seed} → ${first.answer}\n${describeWorld(least)}`,
  };
}

/** Returns the message for a broken rule; `undefined` if no world broke it. */
export function reportOf(broken: Broken | undefined): string | undefined {
  if (broken === undefined) return undefined;
  const kinds = [...broken.kinds].sort(([, one], [, other]) => other - one).slice(0, 25);
  const lines = kinds.map(([kind, count]) => `  ${count} × ${kind}`);
  return `${broken.count} worlds broke the rule, seeds ${broken.seeds.join(', ')}. Replay one with WORLD=<seed>.\n${lines.join('\n')}\nThe smallest, with what is not needed left out: ${broken.example}`;
}

/** Returns in a few words what is special about a world. */
function kindOf({ supplies, machines, distortion, files, wanted, pool }: World): string {
  const supply = supplies.map(({ kind, isAlive }) => `${isAlive ? '' : 'dead '}${kind}`);
  const states = [...new Set(machines.map(({ state, listed }) => [state, ...Object.keys(listed)].join(' ')))];
  return [
    ...(supply.length > 0 ? supply : [states.sort().join('+')]),
    pool.described,
    ...(distortion === 'none' ? [] : [distortion]),
    ...(files.caller === files.job ? [] : ['called file']),
    ...(wanted.group?.includes('/') === true ? ['group with prefix'] : []),
  ].join(', ');
}
