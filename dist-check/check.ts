// `npm run dist-check`: checks that each bundle matches its source, starts, agrees with its metadata, loads and installs
// nothing from elsewhere, and is within its size budget.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listActions, root } from './actions.ts';
import { buildCli } from './build-cli.ts';
import { checkCli } from './check-cli.ts';
import { checkStartup } from './startup.ts';
import { checkBundle } from './compare-bundle.ts';
import { checkMetadata } from './metadata.ts';
import { type Budget, checkSizes, measure, type Size } from './sizes.ts';
import { checkBundleCode } from './supply-chain/bundle-code.ts';

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
  report('code', checkBundleCode(action.name, join(action.folder, 'dist')));
  const { problems: startupProblems, loaded } = checkStartup(action);
  report('startup', startupProblems);
  const bundle = measure(action);
  sizes[action.name] = { bundle, loaded };
  const phases = Object.entries(loaded).map(([phase, bytes]) => `${phase} loads ${kilobytes(bytes)}`);
  console.log(`  size: ${kilobytes(bundle)} gzipped; with nothing to do, ${phases.join(', ')}`);
}
const cli = join(root, 'packages/cli');
console.log('the command runner-actions');
// Its tree is not committed.
await buildCli(cli, join(cli, 'dist'));
const { problems: cliProblems, size } = checkCli(cli, budget.bundles['cli'] ?? budget.bundle);
report('command', cliProblems);
console.log(`  size: ${kilobytes(size)} gzipped`);
report('size', checkSizes(sizes, budget));
console.log(
  problems === 0 ? 'No problems found.' : `${problems} ${problems === 1 ? 'problem' : 'problems'} found.`,
);
process.exitCode = problems === 0 ? 0 : 1;
