// `npm run dist-check`: whether each bundle is what its source says, boots, agrees with its metadata, and is small.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listActions, root } from './actions.ts';
import { checkBoot } from './boot.ts';
import { checkBundle } from './compare.ts';
import { checkMetadata } from './metadata.ts';
import { type Budget, checkSizes, measure, type Size } from './sizes.ts';

const budget = JSON.parse(readFileSync(join(root, 'dist-check/budget.json'), 'utf8')) as Budget;
const sizes: Record<string, Size> = {};
let problems = 0;

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}

function report(name: string, found: string[]): void {
  problems += found.length;
  for (const problem of found) console.log(`  ${name}: ${problem}`);
}

for (const action of listActions()) {
  console.log(action.name);
  report('metadata', checkMetadata(action));
  report('bundle', await checkBundle(action));
  if (!existsSync(join(action.folder, 'dist'))) continue;
  const { problems: unbooted, loaded } = checkBoot(action);
  report('boot', unbooted);
  const bundle = measure(action);
  sizes[action.name] = { bundle, loaded };
  const phases = Object.entries(loaded).map(([phase, bytes]) => `${phase} loads ${kilobytes(bytes)}`);
  console.log(`  size: ${kilobytes(bundle)} gzipped; with nothing to do, ${phases.join(', ')}`);
}
report('size', checkSizes(sizes, budget));
console.log(problems === 0 ? 'All bundles are in order.' : `${problems} problems.`);
process.exitCode = problems === 0 ? 0 : 1;
