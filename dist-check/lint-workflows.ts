// `npm run lint:workflows`: actionlint and zizmor over the workflows. In CI both must run; a contributor without Go or
// Python is told what was skipped.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { goTool, run, type Tool, tools } from './tools.ts';

const actionlintVersion = 'v1.7.12';
const zizmorVersion = '1.32.0';

function actionlint(): Tool {
  return goTool('actionlint', 'github.com/rhysd/actionlint/cmd/actionlint', actionlintVersion);
}

function zizmor(): Tool {
  const environment = join(tools, `zizmor-${zizmorVersion}`);
  const path = join(environment, 'bin', 'zizmor');
  if (existsSync(path)) return { path };
  const made =
    run('python3', ['-m', 'venv', environment]) &&
    run(join(environment, 'bin', 'pip'), ['install', '--quiet', `zizmor==${zizmorVersion}`]);
  return made ? { path } : { missing: 'zizmor needs Python 3 with venv and pip' };
}

const checks: [string, () => Tool, string[]][] = [
  ['actionlint', actionlint, ['-color']],
  ['zizmor', zizmor, ['--persona', 'pedantic', '--offline', '--no-progress', '.github']],
];
const isCi = process.env['CI'] === 'true';

for (const [name, install, args] of checks) {
  const tool = install();
  if ('missing' in tool) {
    console.log(`${name}: ${isCi ? 'FAILED' : 'skipped'}: ${tool.missing}.`);
    if (isCi) process.exitCode = 1;
  } else if (!run(tool.path, args)) {
    process.exitCode = 1;
  }
}
