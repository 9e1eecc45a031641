import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export { type Random, seeded } from './random.ts';

/** One world that strangers changed, and what ran in it then. */
export interface Round {
  /** How many changes could be made. */
  changed: number;
  /** What came of it, in a word each. */
  results: readonly string[];
  /** What was lost, with what was done; none: nothing. */
  faults: readonly string[];
}

/**
 * Plays rounds until so many changes were made, as the options of the command line say: `--changes 10000`, `--rounds N`, `--seed N`,
 * `--bundle`. A fault is printed with its seed, by which it is repeated, and makes the process fail. As root: mounts are this
 * process's own, and all is in memory where that is allowed, which takes a tenth of the time.
 * @param hidden folders of this machine that are to be empty
 * @param round plays the round of a seed in a new folder's place
 */
export function playRounds(
  hidden: readonly string[],
  round: (seed: number, folder: string, bundle: boolean) => Round,
): void {
  const { values } = parseArgs({
    options: {
      changes: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: 'Infinity' },
      seed: { type: 'string' },
      bundle: { type: 'boolean', default: false },
      inside: { type: 'boolean', default: false },
    },
  });
  if (!values.inside) return enterNamespace();
  const base = mkdtempSync(join(tmpdir(), 'hostile-'));
  chmodSync(base, 0o755);
  for (const folder of [base, ...hidden])
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'none', folder]);
  const counts: Record<string, number> = {};
  let [changed, faulty, seed] = [0, 0, Number(values.seed ?? Date.now() % 1_000_000_000)];
  say(`seed ${seed}`);
  for (let rounds = 0; changed < Number(values.changes) && rounds < Number(values.rounds); rounds += 1) {
    const { changed: more, results, faults } = round(seed, join(base, String(seed)), values.bundle);
    changed += more;
    for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
    if (faults.length > 0) {
      faulty += 1;
      process.exitCode = 1;
      say(`seed ${seed}:\n  ${faults.join('\n  ')}`);
    }
    seed += 1;
  }
  spawnSync('umount', ['--lazy', base]);
  rmSync(base, { recursive: true, force: true });
  say(`${changed} changes, ${faulty} faults, ${JSON.stringify(counts)}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function enterNamespace(): void {
  const own = [process.execPath, ...process.argv.slice(1), '--inside'];
  const args = ['--mount', '--propagation', 'private', ...own];
  process.exitCode = spawnSync('unshare', args, { stdio: 'inherit' }).status ?? 1;
}
