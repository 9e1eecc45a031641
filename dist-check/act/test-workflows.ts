// `npm run test:workflows`: runs the workflows of a release with nektos/act, against the simulator.
// In CI, they must run. Elsewhere, the script reports that it skipped them if Go is missing.
import { join } from 'node:path';
import { findAct, run } from '../tools.ts';

const act = findAct();
const isCi = process.env['CI'] === 'true';
const [major] = process.versions.node.split('.');

if ('missing' in act) {
  console.log(`Workflow tests: ${isCi ? 'FAILED' : 'skipped'}: ${act.missing}.`);
  if (isCi) process.exitCode = 1;
} else if (process.platform === 'win32' || Number(major) < 24) {
  console.log(
    'Workflow tests: FAILED: they need Linux or macOS, and Node 24. Start them with `npm run test:workflows`, which uses Node 24.',
  );
  process.exitCode = 1;
} else {
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const passed = run('vitest', ['run', '--config', config, ...process.argv.slice(2)], {
    RUNNER_ACTIONS_ACT: act.path,
  });
  if (!passed) process.exitCode = 1;
}
