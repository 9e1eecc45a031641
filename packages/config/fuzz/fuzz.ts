// Runs the loader on damaged files: `node packages/config/fuzz/fuzz.ts [--seconds 60] [--seed N]`. An exception, or a
// file that takes over 2 s, is a fault. It is printed with the seed and the text that reproduce it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { checkConfig, describeProblem, printEffective } from '../src/index.ts';
import { anyFile } from './inputs.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const folder = join(import.meta.dirname, '../../../docs/examples/config');
const good = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const counts: Record<string, number> = {};
const end = Date.now() + Number(values.seconds) * 1000;

for (let seed = Number(values.seed ?? Date.now() % 1_000_000); Date.now() < end; seed += 1) {
  for (const text of fc.sample(anyFile(good), { seed, numRuns: 200 })) {
    const started = performance.now();
    try {
      const files = { read: () => Promise.resolve({ kind: 'text' as const, text }) };
      const loaded = await checkConfig(files, { repository: undefined, ref: undefined, path: 'a.yml' });
      if (loaded.kind === 'read') printEffective(loaded.tree);
      if (loaded.kind === 'wrong') loaded.problems.forEach(describeProblem);
      counts[loaded.kind] = (counts[loaded.kind] ?? 0) + 1;
      if (performance.now() - started > 2000) throw new Error('over 2 s');
    } catch (error) {
      console.error(`seed ${seed}: ${(error as Error).stack}\n${JSON.stringify(text)}`);
      process.exitCode = 1;
    }
  }
}
console.log(counts);
