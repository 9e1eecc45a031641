// `npm run lint:workflows`: actionlint and zizmor over the workflows. In CI both must run; a contributor without Go or
// Python is told what was skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const actionlintVersion = 'v1.7.12';
const zizmorVersion = '1.32.0';
const tools = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'runner-actions-tools');
const root = join(import.meta.dirname, '..');

/** A tool at its pinned version, installed for this project alone; or why that cannot be. */
type Tool = { path: string } | { missing: string };

function actionlint(): Tool {
  const bin = join(tools, `actionlint-${actionlintVersion}`);
  const path = join(bin, 'actionlint');
  if (existsSync(path)) return { path };
  mkdirSync(bin, { recursive: true });
  const source = `github.com/rhysd/actionlint/cmd/actionlint@${actionlintVersion}`;
  return run('go', ['install', source], { GOBIN: bin })
    ? { path }
    : { missing: 'actionlint needs Go (go install)' };
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

function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return status === 0;
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
