import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Creates text files of odd sizes in many folders, like `node_modules`: 30,000 files in 4,967 folders have 215 MB. */
export function makeTree(root: string, files: number, folders: number, meanBytes = 7200): void {
  // A vocabulary compresses about as well as source text.
  const words = Array.from({ length: 4096 }, () => randomBytes(4).toString('base64url'));
  const text = Array.from(
    { length: 60_000 },
    (_, index) => words[(index * 7919 + (index >> 5) * 31) % 4096],
  ).join(' ');
  for (let index = 0; index < files; index += 1) {
    const folder = index % folders;
    const at = join(root, `p${folder % 97}`, `q${folder % 13}`, `d${folder}`);
    if (index < folders) mkdirSync(at, { recursive: true });
    const size = Math.round(meanBytes * (0.2 + (1.6 * ((index * 37) % 101)) / 100));
    const start = (index * 131) % (text.length - size);
    writeFileSync(join(at, `f${index}.js`), text.slice(start, start + size));
  }
}

export interface Timed {
  name: string;
  milliseconds: number;
}

/** Returns the best of a few runs: other work on the machine only adds time. */
export function best(
  name: string,
  rounds: number,
  act: (round: number) => void,
  after?: (round: number) => void,
): Timed {
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    act(round);
    milliseconds = Math.min(milliseconds, performance.now() - started);
    after?.(round);
  }
  return { name, milliseconds };
}

/** Prints a table with the ratio of each result to the one called `base`. Above 1 means faster. */
export function printTable(title: string, timed: readonly Timed[], base: string): void {
  const reference = timed.find(({ name }) => name === base)?.milliseconds ?? Number.NaN;
  console.log(`\n${title}`);
  for (const { name, milliseconds } of timed) {
    const time = milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds).toString();
    console.log(
      `  ${name.padEnd(44)} ${time.padStart(7)} ms  ${(reference / milliseconds).toFixed(milliseconds < 10 ? 0 : 2)}x`,
    );
  }
}
