import { isConsistent } from './build-runs.ts';
import type { World } from './world.ts';

const parts = ['fillers', 'machines', 'supplies', 'runs', 'groups'] as const;

/**
 * Removes parts of a world as long as it still breaks a rule. With fewer runners, no job waits that would not have waited
 * before.
 */
export async function minimise(world: World, breaks: (world: World) => Promise<boolean>): Promise<World> {
  const fails = async (smaller: World): Promise<boolean> => isConsistent(smaller) && breaks(smaller);
  let least = world;
  for (const part of parts) {
    const empty = { ...least, [part]: [] };
    if (least[part].length > 0 && (await fails(empty))) least = empty;
    else if (part !== 'fillers') least = await withoutItems(least, part, fails);
  }
  const honest: World = { ...least, distortion: 'none' };
  return (await fails(honest)) ? honest : least;
}

async function withoutItems(
  world: World,
  part: (typeof parts)[number],
  fails: (world: World) => Promise<boolean>,
): Promise<World> {
  let least = world;
  for (const item of world[part]) {
    const smaller = { ...least, [part]: least[part].filter((one) => one !== item) };
    if (await fails(smaller)) least = smaller;
  }
  return least;
}
