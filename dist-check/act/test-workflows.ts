// `npm run test:workflows`: the workflows that users call, as a release holds them, run by nektos/act against the simulator.
// In CI they must run; a contributor without Go is told what was skipped.
import { join } from 'node:path';
import { findAct, run } from '../tools.ts';

const act = findAct();
const isCi = process.env['CI'] === 'true';
const [major] = process.versions.node.split('.');

if ('missing' in act) {
  console.log(`The workflows: ${isCi ? 'FAILED' : 'skipped'}: ${act.missing}.`);
  if (isCi) process.exitCode = 1;
} else if (process.platform === 'win32' || Number(major) < 24) {
  console.log('The workflows: FAILED: they need Linux or macOS, and Node 24: npm run test:workflows.');
  process.exitCode = 1;
} else {
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const passed = run('vitest', ['run', '--config', config, ...process.argv.slice(2)], {
    RUNNER_ACTIONS_ACT: act.path,
  });
  if (!passed) process.exitCode = 1;
}
