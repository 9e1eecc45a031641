// Another user of a group changes the store that both write, before a job and while it runs; nothing outside of the store and of what
// the job caches may be changed, and nothing of the victim's own may get there:
// `node actions/restore-local-cache/stress/hostile.ts [--changes 10000] [--seed N] [--bundle]`. As root, with Node 24: the job runs as
// an ordinary user, in one process at the store's interface, or with `--bundle` as the built action, traced. A fault is printed with its
// seed; with `--rounds 1 --seed N` it is repeated.
import { runAttackRounds, type AttackRound, createSeededRandom } from '@runner-actions/testing/hostile';
import { endBundle, restoreBundle, spaceOfBundle } from './bundle.ts';
import { changeOne } from './changes.ts';
import { endOnce, restoreOnce, work } from './engine.ts';
import { faultsIn, look } from './look.ts';
import { as, makeWorld, removeWorld, victim } from './world.ts';

runAttackRounds([], round);

/** What went wrong in one world, after what was done to it. */
function round(seed: number, folder: string, bundle: boolean): AttackRound {
  const random = createSeededRandom(seed);
  const world = makeWorld(folder, spaceOfBundle);
  const done = Array.from({ length: 1 + random.number(3) }, () => changeOne(world, random));
  let before = look(world);
  const left = bundle ? restoreBundle(world, random) : as(victim, () => restoreOnce(world, random));
  const found = faultsIn(world, before);
  as(victim, () => work(world, random));
  done.push(...Array.from({ length: random.number(3) }, () => changeOne(world, random)));
  // A file of the store may be one of the victim's by now, under a further name.
  before = look(world);
  if (bundle) endBundle(world, left);
  else as(victim, () => endOnce(world, left, random));
  found.push(...faultsIn(world, before));
  removeWorld(world);
  found.push(...left.results.filter((result) => result.includes('fault')));
  return {
    changed: done.filter((what) => what !== undefined).length,
    results: left.results,
    faults: found.length === 0 ? [] : [...done.map(String), ...left.results, ...new Set(found)],
  };
}
