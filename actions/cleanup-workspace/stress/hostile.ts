// An untrusted job changes `_work` before a clean-up and while it is running. Nothing outside of the workspace may be
// lost: `node actions/cleanup-workspace/stress/hostile.ts [--changes 10000] [--seed N] [--bundle]`. Run it as root,
// with Node 24. The clean-up runs as an ordinary user, in one process, or with `--bundle` as the built action. A
// fault is printed with its seed. To repeat it, use `--rounds 1 --seed N`.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { runAttackRounds, type AttackRound, createSeededRandom } from '@runner-actions/testing/hostile';
import { runBundle } from './bundle.ts';
import { change, swap } from './changes.ts';
import { cleanOnce } from './engine.ts';
import { compare, takeSnapshot } from './snapshot.ts';
import { makeWorld, removeWorld, type World } from './world.ts';

const victim = 65534;

// The policy of the real machine must not apply to the test machine.
runAttackRounds(['/etc/runner-actions'], round);

/** Creates a machine, changes it, runs a clean-up, and returns what was lost. */
function round(seed: number, folder: string, bundle: boolean): AttackRound {
  const random = createSeededRandom(seed);
  const world = makeWorld(folder, victim);
  const done = Array.from({ length: 1 + random.number(3) }, () => change(world, random));
  const lost: string[] = [];
  const results: string[] = [];
  let before = takeSnapshot(world);
  const check = (): void => {
    const found = compare(world, takeSnapshot(world), { before, protects: !bundle, victim });
    lost.push(...found.map((path) => `${path}: ${before.get(path)} -> ${takeSnapshot(world).get(path)}`));
  };
  const meanwhile = (): void => {
    check();
    const swapped = swap(world, random);
    done.push(swapped);
    if (swapped !== undefined) results.push('while at work');
    before = takeSnapshot(world);
  };
  const isRaced = !bundle && random.number(3) === 0;
  const result = bundle
    ? runBundle(world, join(dirname(folder), 'commands'))
    : asVictim(world, isRaced ? random.number(300) : undefined, meanwhile);
  results.push(result);
  check();
  removeWorld(world);
  // A changed folder must lead to a refusal or to residue, never to an internal error.
  if (/^fault/.test(result)) lost.push('an internal error');
  return {
    changed: done.filter((what) => what !== undefined).length,
    results,
    faults: lost.length === 0 ? [] : [...done.map(String), `the clean-up: ${result}`, ...lost],
  };
}

/** Cleans as an ordinary user. Calls `meanwhile` as root before the call to the file system with the index `at`. */
function asVictim(world: World, at: number | undefined, meanwhile: () => void): string {
  let calls = 0;
  const hooked = (): void => {
    calls += 1;
    if (calls - 1 !== at) return;
    becomeUser(0);
    meanwhile();
    becomeUser(victim);
  };
  const restore = at === undefined ? () => undefined : hookCalls(hooked);
  becomeUser(victim);
  try {
    return cleanOnce(world);
  } finally {
    becomeUser(0);
    restore();
  }
}

function becomeUser(user: number): void {
  process.seteuid?.(0);
  process.setgroups?.([]);
  process.setegid?.(user);
  process.seteuid?.(user);
}

function hookCalls(before: () => void): () => void {
  const names = [
    'openSync',
    'lstatSync',
    'readdirSync',
    'renameSync',
    'unlinkSync',
    'rmdirSync',
    'mkdirSync',
  ] as const;
  const originals = names.map((name) => [name, fs[name]] as const);
  const all = fs as unknown as Record<string, unknown>;
  let isInside = false;
  for (const [name, original] of originals)
    all[name] = (...values: unknown[]) => {
      if (!isInside) {
        isInside = true;
        before();
        isInside = false;
      }
      return (original as (...values: unknown[]) => unknown)(...values);
    };
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of originals) all[name] = original;
    syncBuiltinESMExports();
  };
}
