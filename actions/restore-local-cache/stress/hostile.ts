// Another user of a group changes the store that both write, before a job and while it runs; nothing outside of the store and of what
// the job caches may be changed, and nothing of the victim's own may get there:
// `node actions/restore-local-cache/stress/hostile.ts [--changes 10000] [--seed N] [--bundle]`. As root, with Node 24: the job runs as
// an ordinary user, in one process at the store's interface, or with `--bundle` as the built action, traced. A fault is printed with its
// seed; with `--rounds 1 --seed N` it is repeated.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded } from '@runner-actions/testing/random';
import { endBundle, restoreBundle, spaceOfBundle } from './bundle.ts';
import { changeOne } from './changes.ts';
import { endOnce, restoreOnce, work } from './engine.ts';
import { faultsIn, look } from './look.ts';
import { as, makeWorld, removeWorld, victim } from './world.ts';

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string' },
    bundle: { type: 'boolean', default: false },
    inside: { type: 'boolean', default: false },
  },
});

if (!values.inside) enterNamespace();
const base = mkdtempSync(join(tmpdir(), 'hostile-'));
chmodSync(base, 0o755);
// In memory it takes a tenth of the time; where that is not allowed, on the disk.
spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'none', base]);
const counts: Record<string, number> = {};
let [changed, faults, seed] = [0, 0, Number(values.seed ?? Date.now() % 1_000_000_000)];
console.log(`seed ${seed}`);
for (let rounds = 0; changed < Number(values.changes) && rounds < Number(values.rounds); rounds += 1) {
  const found = round(seed);
  if (found.length > 0) {
    faults += 1;
    process.exitCode = 1;
    console.log(`seed ${seed}:\n  ${found.join('\n  ')}`);
  }
  seed += 1;
}
spawnSync('umount', ['--lazy', base]);
rmSync(base, { recursive: true, force: true });
console.log(`${changed} changes, ${faults} faults, ${JSON.stringify(counts)}`);

/** Mounts are this process's own. */
function enterNamespace(): never {
  const args = [
    '--mount',
    '--propagation',
    'private',
    process.execPath,
    ...process.argv.slice(1),
    '--inside',
  ];
  process.exit(spawnSync('unshare', args, { stdio: 'inherit' }).status ?? 1);
}

/** What went wrong in one world, after what was done to it. */
function round(own: number): string[] {
  const random = seeded(own);
  const world = makeWorld(join(base, String(own)), spaceOfBundle);
  const done = Array.from({ length: 1 + random.number(3) }, () => changeOne(world, random));
  let before = look(world);
  const left = values.bundle ? restoreBundle(world, random) : as(victim, () => restoreOnce(world, random));
  const found = faultsIn(world, before);
  as(victim, () => work(world, random));
  done.push(...Array.from({ length: random.number(3) }, () => changeOne(world, random)));
  // A file of the store may be one of the victim's by now, under a further name.
  before = look(world);
  if (values.bundle) endBundle(world, left);
  else as(victim, () => endOnce(world, left, random));
  found.push(...faultsIn(world, before));
  removeWorld(world);
  changed += done.filter((what) => what !== undefined).length;
  for (const result of left.results) {
    counts[result] = (counts[result] ?? 0) + 1;
    if (result.includes('fault')) found.push(result);
  }
  return found.length === 0 ? [] : [...done.map(String), ...left.results, ...new Set(found)];
}
