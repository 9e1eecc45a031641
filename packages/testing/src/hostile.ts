import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export { type Random, createSeededRandom } from './random.ts';

/** The result of one round: an attacker changes a folder tree, and the code under test runs in it. */
export interface AttackRound {
  /** How many of the attacker's changes succeeded. */
  changed: number;
  /** The results of the code under test, one word each. `runAttackRounds` counts them. */
  results: readonly string[];
  /** Damage that must not happen, with the changes that led to it. Empty if there is none. */
  faults: readonly string[];
}

/**
 * Plays rounds until the limit of the command line is reached: `--changes 10000`, `--rounds N`. Other options: `--seed N`,
 * `--bundle`. Prints each fault with its seed, which repeats it, and then sets exit code 1.
 * Needs root. Works in its own mount namespace, and in memory if the machine allows it, which takes a tenth of the time.
 * @param hidden folders of this machine that must look empty
 * @param round plays the round of a seed; `folder` does not exist yet
 */
export function runAttackRounds(
  hidden: readonly string[],
  round: (seed: number, folder: string, bundle: boolean) => AttackRound,
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
  if (!values.inside) return restartInNamespace();
  const base = mkdtempSync(join(tmpdir(), 'hostile-'));
  chmodSync(base, 0o755);
  for (const folder of [base, ...hidden])
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'none', folder]);
  const counts: Record<string, number> = {};
  let [changed, faulty, seed] = [0, 0, Number(values.seed ?? Date.now() % 1_000_000_000)];
  printLine(`seed ${seed}`);
  for (let rounds = 0; changed < Number(values.changes) && rounds < Number(values.rounds); rounds += 1) {
    const { changed: more, results, faults } = round(seed, join(base, String(seed)), values.bundle);
    changed += more;
    for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
    if (faults.length > 0) {
      faulty += 1;
      process.exitCode = 1;
      printLine(`seed ${seed}:\n  ${faults.join('\n  ')}`);
    }
    seed += 1;
  }
  spawnSync('umount', ['--lazy', base]);
  rmSync(base, { recursive: true, force: true });
  printLine(`${changed} changes, ${faulty} faults, ${JSON.stringify(counts)}`);
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function restartInNamespace(): void {
  const command = [process.execPath, ...process.argv.slice(1), '--inside'];
  const args = ['--mount', '--propagation', 'private', ...command];
  process.exitCode = spawnSync('unshare', args, { stdio: 'inherit' }).status ?? 1;
}
