// `npm run dist-check`: whether each bundle is what its source says, boots, is licensed, agrees with its metadata, and is small.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listActions, root } from './actions.ts';
import { checkBoot } from './boot.ts';
import { checkBundle } from './compare.ts';
import { checkLicences, readLock } from './licences.ts';
import { checkMetadata } from './metadata.ts';
import { type Budget, checkSizes, measure } from './sizes.ts';

const budget = JSON.parse(readFileSync(join(root, 'dist-check/budget.json'), 'utf8')) as Budget;
const lock = readLock();
const sizes: Record<string, number> = {};
let problems = 0;

function report(name: string, found: string[]): void {
  problems += found.length;
  for (const problem of found) console.log(`  ${name}: ${problem}`);
}

for (const action of listActions()) {
  console.log(action.name);
  report('metadata', checkMetadata(action));
  report('bundle', checkBundle(action));
  if (!existsSync(join(action.folder, 'dist'))) continue;
  report('licences', checkLicences(action, lock));
  report('boot', checkBoot(action));
  sizes[action.name] = measure(action);
  console.log(`  size: ${Math.round((sizes[action.name] ?? 0) / 1000)} kB gzipped`);
}
report('size', checkSizes(sizes, budget));
console.log(problems === 0 ? 'All bundles are in order.' : `${problems} problems.`);
process.exitCode = problems === 0 ? 0 : 1;
