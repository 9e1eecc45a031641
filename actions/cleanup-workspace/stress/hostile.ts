// A stranger changes `_work`, before a clean-up and while it is at work; nothing that is not the workspace's may be lost:
// `node actions/cleanup-workspace/stress/hostile.ts [--changes 10000] [--seed N] [--bundle]`. As root, with Node 24: the clean-up
// runs as an ordinary user, in one process, or with `--bundle` as the built action. A fault is printed with its seed; with
// `--rounds 1 --seed N` it is repeated.
import { spawnSync } from 'node:child_process';
import fs, { chmodSync, mkdtempSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBundle } from './bundle.ts';
import { change, swap } from './changes.ts';
import { cleanOnce } from './engine.ts';
import { compare, look } from './look.ts';
import { seeded } from '@runner-actions/testing/random';
import { makeWorld, removeWorld, type World } from './world.ts';

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string' },
    bundle: { type: 'boolean', default: false },
    inside: { type: 'boolean', default: false },
  },
});
const victim = 65534;

if (!values.inside) enterNamespace();
const base = mkdtempSync(join(tmpdir(), 'hostile-'));
chmodSync(base, 0o755);
// In memory it takes a tenth of the time; where that is not allowed, on the disk.
spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'none', base]);
// The policy of this machine is not the world's.
spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'none', '/etc/runner-actions']);
const counts: Record<string, number> = {};
let [changed, faults, seed] = [0, 0, Number(values.seed ?? Date.now() % 1_000_000_000)];
console.log(`seed ${seed}`);
for (let rounds = 0; changed < Number(values.changes) && rounds < Number(values.rounds); rounds += 1) {
  const lost = round(seed);
  if (lost.length > 0) {
    faults += 1;
    process.exitCode = 1;
    console.log(`seed ${seed}:\n  ${lost.join('\n  ')}`);
  }
  seed += 1;
}
spawnSync('umount', ['--lazy', base]);
fs.rmSync(base, { recursive: true, force: true });
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

/** What was lost in one world, after what was done to it. */
function round(own: number): string[] {
  const random = seeded(own);
  const world = makeWorld(join(base, String(own)), victim);
  const done = Array.from({ length: 1 + random.number(3) }, () => change(world, random));
  const lost: string[] = [];
  let before = look(world);
  const check = (): void => {
    const found = compare(world, look(world), { before, protects: !values.bundle, victim });
    lost.push(...found.map((path) => `${path}: ${before.get(path)} -> ${look(world).get(path)}`));
  };
  const meanwhile = (): void => {
    check();
    const swapped = swap(world, random);
    done.push(swapped);
    if (swapped !== undefined) counts['while at work'] = (counts['while at work'] ?? 0) + 1;
    before = look(world);
  };
  const isRaced = !values.bundle && random.number(3) === 0;
  const result = values.bundle
    ? runBundle(world, join(base, 'commands'))
    : asVictim(world, isRaced ? random.number(300) : undefined, meanwhile);
  counts[result] = (counts[result] ?? 0) + 1;
  changed += done.filter((what) => what !== undefined).length;
  check();
  removeWorld(world);
  // Each state of a folder has an answer of its own: a refusal, residue.
  if (/^fault/.test(result)) lost.push('a failure of our own');
  return lost.length === 0 ? [] : [...done.map(String), `the clean-up: ${result}`, ...lost];
}

/** Cleans as an ordinary user; `meanwhile` happens, as root, instead of nothing before the `at`th call to the file system. */
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
